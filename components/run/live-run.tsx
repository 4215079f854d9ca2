"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";

import type { RunSummary } from "../../server/run/views";
import { useTRPC } from "../live/trpc";
import { stageLabels } from "./labels";
import { formatRange, prepareStages } from "./prepare-stages";
import { RunStateLabel } from "./run-state";
import { StageBar } from "./stage-bar";

/** One run that is under way: state, stage, bar, time left. */
export function LiveRun({ run }: { run: RunSummary }) {
  const trpc = useTRPC();
  const detail = useQuery(trpc.run.get.queryOptions({ id: run.id }));
  const progress = detail.data?.progress;
  const judged = run.cycle_counts.generated - run.cycle_counts.pending;
  return (
    <Link prefetch={false} href={`/runs/${run.id}`} className="block rounded border border-edge bg-panel px-4 py-3 hover:border-edge-strong" aria-label={`${run.id} ${run.name}: ${run.state}`}>
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
        <span className="font-mono text-ink-soft">{run.id}</span>
        <strong className="min-w-0 truncate font-semibold">{run.name}</strong>
        <RunStateLabel state={run.state} className="self-center" />
        <span className="text-ink-soft">
          cycle {run.cycle}, {run.cycle + 1} of {run.cycles_planned}: {stageLabels[run.stage]}, {judged} of {run.candidates_per_cycle} judged
        </span>
        <span className="ml-auto text-ink-soft" title={progress?.eta?.basis}>
          {progress?.eta === null || progress?.eta === undefined ? "" : `${formatRange(progress.eta)} left`}
        </span>
      </p>
      <div className="mt-2.5">
        <StageBar
          compact
          cyclesPlanned={run.cycles_planned}
          cycle={run.cycle}
          cycleEnded={run.stage === "ended"}
          moving={run.state === "running"}
          steps={
            detail.data === undefined || progress === undefined
              ? [{ stage: "evaluating", done: judged / run.candidates_per_cycle, figure: "", current: true }]
              : prepareStages(progress, run.cycles_planned, run.fine_tuning, detail.data.cycles.at(-1))
          }
        />
      </div>
    </Link>
  );
}
