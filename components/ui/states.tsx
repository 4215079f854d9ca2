/** The three states of a data view that are not data: pending, empty, error. */
import type { ReactNode } from "react";

import { Button } from "./button";
import { classNames } from "./class-names";

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={classNames("skeleton block", className)} />;
}

/** Rows of a table's final height. */
export function SkeletonRows({ rows, label }: { rows: number; label: string }) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-9 items-center border-b border-edge px-3 last:border-0">
          <Skeleton className="h-3 w-full" />
        </div>
      ))}
    </div>
  );
}

export function Empty({ title, children, className }: { title: string; children?: ReactNode; className?: string }) {
  return (
    <div className={classNames("flex flex-col items-start gap-1 px-4 py-6 text-ink-soft", className)}>
      <p className="font-semibold text-ink">{title}</p>
      {children}
    </div>
  );
}

interface FailureProps {
  /** What could not be done, e.g. "Runs could not be loaded". */
  title: string;
  error: { message: string; data?: { code?: string; path?: string } | null };
  onRetry?: () => void;
  className?: string;
}

/** What happened, where, and the way on. Never "something went wrong". */
export function Failure({ title, error, onRetry, className }: FailureProps) {
  const code = error.data?.code;
  const path = error.data?.path;
  return (
    <div role="alert" className={classNames("flex flex-col items-start gap-2 border-l-4 border-bad bg-panel px-4 py-3", className)}>
      <p className="font-semibold">{title}</p>
      <p className="max-w-prose break-words text-ink-soft">{error.message}</p>
      <p className="font-mono text-xs text-ink-faint">{[code ?? "NO_ANSWER", path].filter(Boolean).join(" · ")}</p>
      {onRetry === undefined ? null : <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
