"use client";

import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import type { TaskView } from "../../server/task/views";
import { useTRPC } from "../live/trpc";

const lookMs = 500;

export const isOpen = (task: TaskView): boolean => task.state === "queued" || task.state === "running";

/**
 * A task, looked at twice a second until it has ended; null = none yet. The view is narrowed by its `kind`, which decides
 * the type of its `result`.
 */
export function useTask(id: string | null) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const key = trpc.task.get.queryKey(id === null ? undefined : { id });
  const { data, error, refetch } = useQuery({
    ...trpc.task.get.queryOptions(id === null ? skipToken : { id }),
    refetchInterval: ({ state }) => (state.data !== undefined && isOpen(state.data) ? lookMs : false),
  });
  const cancel = useMutation(
    trpc.task.cancel.mutationOptions({
      onMutate: () => queries.setQueryData(key, (before) => (before === undefined ? before : { ...before, cancelling: true })),
      onSuccess: (task) => queries.setQueryData(key, task),
    }),
  );
  return {
    task: data,
    /** The task could not be looked at; `task` is what was seen last. */
    error,
    refetch: () => void refetch(),
    cancel: () => {
      if (id !== null) cancel.mutate({ id });
    },
  };
}
