"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import type { RunDetail } from "../../server/run/views";
import { useTRPC, useTRPCClient } from "../live/trpc";
import { Button } from "../ui/button";
import { formatCount } from "../ui/format";
import { Panel } from "../ui/panel";
import { Empty, Failure, SkeletonRows } from "../ui/states";
import { CandidateFilters } from "./candidate-filters";
import { CandidateTable } from "./candidate-table";
import { useHeldRows } from "./use-held-rows";
import { type RunViewState, type SetRunView, toListInput } from "./use-run-view";

interface CandidateSectionProps {
  run: RunDetail;
  view: RunViewState;
  setView: SetRunView;
  /** j, k and Enter walk this list (the wall has them while it is on the page). */
  keys: boolean;
}

export function CandidateSection({ run, view, setView, keys }: CandidateSectionProps) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const input = toListInput(run.id, view);
  const list = useInfiniteQuery({
    // Not tRPC's own infinite options: they add a `direction` of paging, which here is the direction of the order.
    queryKey: [...trpc.candidate.list.pathKey(), { input, type: "pages" }],
    queryFn: ({ pageParam, signal }) => client.candidate.list.query({ ...input, cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
  const pages = list.data?.pages;
  const { rows, waiting, accept } = useHeldRows(`${JSON.stringify(input)} ${pages?.length ?? 0}`, list.isPlaceholderData ? undefined : pages?.flatMap((page) => page.items));
  const first = pages?.[0];

  return (
    <Panel
      title={
        <span aria-live="polite">
          Programs {first === undefined ? "" : `(${formatCount(first.total)} of ${formatCount(first.unfiltered_total)})`}
        </span>
      }
      actions={
        waiting === 0 ? undefined : (
          <Button look="solid" className="min-h-7 rounded-full px-3 text-xs" onClick={accept}>
            Show {formatCount(waiting)} new
          </Button>
        )
      }
      bodyClassName="p-0"
    >
      <CandidateFilters run={run} view={view} setView={setView} />
      {list.isError && rows === undefined ? (
        <Failure title="Programs could not be loaded" error={list.error} onRetry={() => void list.refetch()} className="m-4" />
      ) : rows === undefined ? (
        <SkeletonRows rows={10} label="Loading programs" />
      ) : rows.length === 0 ? (
        first !== undefined && first.unfiltered_total > 0 ? (
          <Empty title={`0 of ${formatCount(first.unfiltered_total)} programs match`}>
            <p>Take a filter away to see more.</p>
          </Empty>
        ) : (
          <Empty title="No program yet">
            <p>They are listed here as soon as the model begins to write.</p>
          </Empty>
        )
      ) : (
        <>
          <CandidateTable rows={rows} view={view} setView={setView} keys={keys} />
          {list.hasNextPage ? (
            <div className="border-t border-edge p-3 text-center">
              <Button pending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {list.isFetchingNextPage ? "Loading…" : `Show more (${formatCount(rows.length)} of ${formatCount(first?.total ?? rows.length)} shown)`}
              </Button>
            </div>
          ) : null}
        </>
      )}
    </Panel>
  );
}
