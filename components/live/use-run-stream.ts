"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";

import type { RunStreamItem } from "../../server/stream/views";
import { createProgramStore, type ProgramStore } from "./program-store";
import { throttle } from "./throttle";
import { useTRPC, useTRPCClient } from "./trpc";
import { useStream } from "./use-stream";

/** Figures are read again at most this often while events arrive. */
const figuresMs = 1_000;
/** Lists of candidates are larger and change less visibly. */
const listsMs = 1_500;

/**
 * Follows one run while `enabled`: text goes to the returned store, everything else makes the queries of the run be read
 * again, throttled. `onItem` sees every item, before the store.
 */
export function useRunStream(id: string, enabled: boolean, onItem?: (item: RunStreamItem) => void): ProgramStore {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const [store] = useState(() => createProgramStore((flush) => requestAnimationFrame(flush)));
  const seen = useRef(onItem);
  useEffect(() => {
    seen.current = onItem;
  });

  const refresh = useMemo(
    () => ({
      figures: throttle(() => {
        void queries.invalidateQueries({ queryKey: trpc.run.get.queryKey({ id }) });
        void queries.invalidateQueries(trpc.candidate.get.pathFilter());
      }, figuresMs),
      lists: throttle(() => void queries.invalidateQueries(trpc.candidate.list.pathFilter()), listsMs),
    }),
    [queries, trpc, id],
  );
  useEffect(
    () => () => {
      refresh.figures.cancel();
      refresh.lists.cancel();
    },
    [refresh],
  );

  const refreshAll = (): void => {
    refresh.figures.call();
    refresh.lists.call();
  };

  useStream<{ data: RunStreamItem }>(
    enabled ? id : null,
    (callbacks) => client.stream.run.subscribe({ id }, callbacks),
    ({ data }) => {
      seen.current?.(data);
      store.apply(data);
      if (data.kind === "event") refreshAll();
    },
    refreshAll,
  );
  return store;
}
