import type { Metadata } from "next";
import Link from "next/link";

import { buttonClass } from "../components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <div className="mx-auto max-w-xl py-16">
      <h1 className="text-xl font-semibold">There is nothing at this address</h1>
      <p className="mt-2 text-ink-soft">
        A run's page is <code className="font-mono">/runs/R3</code>, a candidate's is <code className="font-mono">/candidates/R3.2.017</code>. A
        run that was deleted is gone with everything in it.
      </p>
      <Link href="/runs" className={buttonClass("solid", "mt-5")}>
        All runs
      </Link>
    </div>
  );
}
