"use client";

import Link from "next/link";

import { Button, buttonClass } from "../ui/button";

/** A page that could not be drawn: what, which error, and two ways on. */
export function PageError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <div role="alert" className="mx-auto max-w-xl py-16">
      <h1 className="text-xl font-semibold">This page could not be drawn</h1>
      <p className="mt-2 text-ink-soft">{error.message}</p>
      {error.digest === undefined ? null : (
        <p className="mt-1 font-mono text-xs text-ink-faint">error {error.digest}; its text is in the server's log</p>
      )}
      <div className="mt-5 flex gap-2">
        <Button look="solid" onClick={retry}>
          Try again
        </Button>
        <Link href="/runs" className={buttonClass()}>
          All runs
        </Link>
      </div>
    </div>
  );
}
