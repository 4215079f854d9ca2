"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { parseAsArrayOf, parseAsInteger, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useEffect, useMemo, useRef } from "react";

import { comparisonSpans } from "../../server/contract/statistics";
import type { StudyDetail } from "../../server/study/views";
import { useTRPC } from "../live/trpc";
import { useRunsStream } from "../live/use-runs-stream";
import { WorkerNotice } from "../run/worker-notice";
import { DocumentTitle } from "../shell/document-title";
import { Empty, Failure, Skeleton } from "../ui/states";
import { ArmGrid } from "./arm-grid";
import { DifferencePanel } from "./difference-panel";
import { StudyCharts } from "./study-charts";
import { StudyHeader } from "./study-header";

/** Figures of all cycles are heavier than the standing of the runs, and change less often. */
const compareMs = 5_000;

/** One study: what it does, what its arms differ in, every cycle of every arm, its runs. */
export function StudyView({ id }: { id: string }) {
  const trpc = useTRPC();
  const [view, setView] = useStudyView();
  const study = useQuery(trpc.study.get.queryOptions({ id }));
  useRunsStream();

  if (study.data === undefined) {
    return study.isError ? <Failure title={`${id} could not be loaded`} error={study.error} onRetry={() => void study.refetch()} /> : <StudySkeleton />;
  }
  const { data } = study;
  return (
    <div className="grid gap-4">
      <DocumentTitle title={data.desired === null ? `${id} ${data.state ?? ""}` : `${id} ${data.programs_judged} of ${data.programs_planned}`} />
      <StudyHeader study={data} span={view.span} />
      {data.waiting_for_worker ? <WorkerNotice /> : null}
      {data.runs === 0 ? (
        <Empty title="No run is left" className="rounded border border-edge bg-panel">
          <p>All runs of this study have been deleted, so there is nothing to compare.</p>
        </Empty>
      ) : (
        <StudyFigures study={data} view={view} setView={setView} />
      )}
      <ArmGrid study={data} />
    </div>
  );
}

const useStudyView = () =>
  useQueryStates(
    {
      span: parseAsStringLiteral(comparisonSpans).withDefault("last_cycle"),
      /** Positions of arms that are not drawn. */
      hide: parseAsArrayOf(parseAsInteger).withDefault([]),
    },
    { history: "replace" },
  );

interface StudyFiguresProps {
  study: StudyDetail;
  view: ReturnType<typeof useStudyView>[0];
  setView: ReturnType<typeof useStudyView>[1];
}

function StudyFigures({ study, view, setView }: StudyFiguresProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const comparison = useQuery({
    ...trpc.study.compare.queryOptions({ id: study.id, span: view.span }),
    placeholderData: keepPreviousData,
    refetchInterval: study.desired === "run" ? compareMs : false,
  });
  // The last figures come with the last run's end, when nothing asks for them any more.
  const states = JSON.stringify(study.states);
  const seen = useRef(states);
  useEffect(() => {
    if (seen.current === states) return;
    seen.current = states;
    void queries.invalidateQueries(trpc.study.compare.pathFilter());
  }, [queries, trpc, states]);
  const hidden = useMemo(() => new Set(view.hide), [view.hide]);

  if (comparison.data === undefined) {
    return comparison.isError ? (
      <Failure title="The arms could not be compared" error={comparison.error} onRetry={() => void comparison.refetch()} />
    ) : (
      <FigureSkeleton />
    );
  }
  const toggle = (arm: number): void => void setView({ hide: hidden.has(arm) ? view.hide.filter((one) => one !== arm) : [...view.hide, arm] });
  return (
    <>
      <DifferencePanel
        study={study}
        comparison={comparison.data}
        span={view.span}
        onSpan={(span) => void setView({ span })}
        stale={comparison.isPlaceholderData}
      />
      <StudyCharts study={study} comparison={comparison.data} hidden={hidden} onToggle={toggle} />
    </>
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
