"use client";

import { useQueryClient } from "@tanstack/react-query";

import type { RunsTick } from "../../server/stream/views";
import { useTRPC, useTRPCClient } from "./trpc";
import { useStream } from "./use-stream";

/** Keeps lists of runs and workers, and studies, current. The server already throttles its ticks. */
export function useRunsStream(): void {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const read = (filter: { queryKey: readonly unknown[] }) => void queries.invalidateQueries(filter);
  const refresh = (workers: boolean, runs: readonly string[] | "all"): void => {
    if (runs === "all") read(trpc.run.get.pathFilter());
    else for (const id of runs) read({ queryKey: trpc.run.get.queryKey({ id }) });
    if (runs.length > 0) {
      read(trpc.run.list.pathFilter());
      read(trpc.study.list.pathFilter());
      read(trpc.study.get.pathFilter());
    }
    if (workers || runs.length > 0) read(trpc.worker.list.pathFilter());
    if (workers) read(trpc.system.info.pathFilter());
  };
  useStream<RunsTick>(
    "runs",
    (callbacks) => client.stream.runs.subscribe(undefined, callbacks),
    (tick) => refresh(tick.workers, tick.runs),
    () => refresh(true, "all"),
  );
}
