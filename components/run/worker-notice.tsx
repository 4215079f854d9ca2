"use client";

import { useQuery } from "@tanstack/react-query";

import { useTRPC } from "../live/trpc";

/** Shown while nothing can move because no worker runs; says how to start one. */
export function WorkerNotice() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.system.info.queryOptions());
  if (data === undefined || data.has_workers) return null;
  return (
    <p role="status" className="rounded border border-warn bg-warn-soft px-4 py-2.5">
      <strong className="font-semibold">No worker is running,</strong> so nothing will be written or evaluated. Start everything with{" "}
      <code className="font-mono">{data.start_command}</code>
    </p>
  );
}
