"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { parseAsArrayOf, parseAsInteger, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useEffect, useMemo } from "react";

import { comparisonSpans } from "../../server/contract/statistics";
import { useTRPC } from "../live/trpc";
import { useRunsStream } from "../live/use-runs-stream";
import { WorkerNotice } from "../run/worker-notice";
import { DocumentTitle } from "../shell/document-title";
import { Failure, Skeleton } from "../ui/states";
import { ArmGrid } from "./arm-grid";
import { DifferencePanel } from "./difference-panel";
import { StudyCharts } from "./study-charts";
import { StudyHeader } from "./study-header";

/** Figures of all cycles are heavier than the standing of the runs, and change less often. */
const compareMs = 5_000;

/** One study: what it does, what its arms differ in, every cycle of every arm, its runs. */
export function StudyView({ id }: { id: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [view, setView] = useQueryStates(
    {
      span: parseAsStringLiteral(comparisonSpans).withDefault("last_cycle"),
      hide: parseAsArrayOf(parseAsInteger).withDefault([]),
    },
    { history: "replace" },
  );
  const study = useQuery(trpc.study.get.queryOptions({ id }));
  const live = study.data?.desired === "run";
  const comparison = useQuery({
    ...trpc.study.compare.queryOptions({ id, span: view.span }),
    placeholderData: keepPreviousData,
    refetchInterval: live ? compareMs : false,
  });
  useRunsStream();
  // The last figures come with the last run's end, when nothing asks for them any more.
  const ended = study.data === undefined ? 0 : Object.values(study.data.states).join();
  useEffect(() => {
    void queries.invalidateQueries(trpc.study.compare.pathFilter());
  }, [queries, trpc, ended]);
  const hidden = useMemo(() => new Set(view.hide), [view.hide]);

  if (study.data === undefined) {
    return study.isError ? <Failure title={`${id} could not be loaded`} error={study.error} onRetry={() => void study.refetch()} /> : <StudySkeleton />;
  }
  const { data } = study;
  const toggle = (arm: number): void => void setView({ hide: hidden.has(arm) ? view.hide.filter((one) => one !== arm) : [...view.hide, arm] });
  return (
    <div className="grid gap-4">
      <DocumentTitle title={data.desired === null ? `${id} ${data.state ?? ""}` : `${id} ${data.programs_judged} of ${data.programs_planned}`} />
      <StudyHeader study={data} span={view.span} />
      {data.waiting_for_worker ? <WorkerNotice /> : null}
      {comparison.data === undefined ? (
        comparison.isError ? (
          <Failure title="The arms could not be compared" error={comparison.error} onRetry={() => void comparison.refetch()} />
        ) : (
          <FigureSkeleton />
        )
      ) : (
        <>
          <DifferencePanel study={data} comparison={comparison.data} span={view.span} onSpan={(span) => void setView({ span })} stale={comparison.isPlaceholderData} />
          <StudyCharts study={data} comparison={comparison.data} hidden={hidden} onToggle={toggle} />
        </>
      )}
      <ArmGrid study={data} />
    </div>
  );
}

function StudySkeleton() {
  return (
    <div role="status" aria-label="Loading study" className="grid gap-4">
      <Skeleton className="h-24" />
      <Skeleton className="h-80" />
      <Skeleton className="h-96" />
    </div>
  );
}

function FigureSkeleton() {
  return (
    <div role="status" aria-label="Loading figures" className="grid gap-4">
      <Skeleton className="h-80" />
      <div className="grid gap-4 md:grid-cols-2">
        {Array.from({ length: 4 }, (_, place) => (
          <Skeleton key={place} className="h-80" />
        ))}
      </div>
    </div>
  );
}
