"use client";

import { useQueryClient } from "@tanstack/react-query";

import type { RunsTick } from "../../server/stream/views";
import { useTRPC, useTRPCClient } from "./trpc";
import { useStream } from "./use-stream";

/** Keeps lists of runs and workers current. The server already throttles its ticks. */
export function useRunsStream(): void {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const refresh = (workers: boolean, runs: boolean): void => {
    if (runs) void queries.invalidateQueries({ queryKey: trpc.run.list.queryKey() });
    if (workers || runs) void queries.invalidateQueries({ queryKey: trpc.worker.list.queryKey() });
    if (workers) void queries.invalidateQueries({ queryKey: trpc.system.info.queryKey() });
  };
  useStream<RunsTick>(
    "runs",
    (callbacks) => client.stream.runs.subscribe(undefined, callbacks),
    (tick) => refresh(tick.workers, tick.runs.length > 0),
    () => refresh(true, true),
  );
}
