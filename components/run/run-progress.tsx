"use client";

import type { RunDetail } from "../../server/run/views";
import { WorkerNotice } from "./worker-notice";
import { runStateLabels, stageLabels, stageSentences } from "./labels";
import { formatRange, prepareStages } from "./prepare-stages";
import { isEnded } from "./run-state";
import { StageBar } from "./stage-bar";

/** Where the run is and how long it will take. Only changes of stage are announced, never single programs. */
export function RunProgressPanel({ run }: { run: RunDetail }) {
  const { progress } = run;
  const moving = run.state === "running";
  const ended = isEnded(run.state);
  return (
    <section aria-label="Progress" className="rounded border border-edge bg-panel px-4 py-3">
      <div className="mb-2.5 flex flex-wrap items-baseline justify-between gap-x-4">
        <p aria-live="polite">
          <strong className="font-semibold">
            Cycle {progress.cycle} ({progress.cycle + 1} of {run.cycles_planned}):{" "}
            {moving ? stageLabels[progress.stage] : runStateLabels[run.state]}
          </strong>{" "}
          <span className="text-ink-soft max-sm:hidden">{moving ? stageSentences[progress.stage] : ""}</span>
        </p>
        <p className="text-ink-soft" title={progress.eta?.basis}>
          {progress.eta === null ? (ended ? "" : moving ? "time left: known after a few programs" : "") : `${formatRange(progress.eta)} left`}
        </p>
      </div>
      <StageBar
        cyclesPlanned={run.cycles_planned}
        cycle={progress.cycle}
        cycleEnded={progress.stage === "ended"}
        moving={moving}
        steps={prepareStages(progress, run.cycles_planned, run.fine_tuning, run.cycles.at(-1))}
      />
      {progress.waiting_for_worker ? (
        <div className="mt-3">
          <WorkerNotice />
        </div>
      ) : null}
    </section>
  );
}
