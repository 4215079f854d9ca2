import Link from "next/link";
import type { ReactNode } from "react";

import type { CycleFigures } from "../../server/cycle/views";
import type { RunDetail } from "../../server/run/views";
import { AdapterLink } from "../run/adapter-link";
import { stageLabels } from "../run/labels";
import { formatCount, formatDuration, formatInterval, formatPercent, formatSeconds, plural } from "../ui/format";

/** What else there is to know of one cycle: who wrote it, what a winner needed, where the time went. */
export function CycleFacts({ cycle, run }: { cycle: CycleFigures; run: RunDetail }) {
  const { report_accuracy_mean: report, seconds } = cycle;
  return (
    <section className="row-span-4 min-w-0 rounded border border-edge bg-panel p-4" aria-label={`Cycle ${cycle.number} in figures`}>
      <h3 className="font-semibold">Cycle {cycle.number} in figures</h3>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <Fact label="Stage">{stageLabels[cycle.stage]}</Fact>
        {cycle.planned < run.candidates_per_cycle ? (
          <Fact label="Programs">
            {cycle.planned} of {run.candidates_per_cycle}: its minutes were used up
          </Fact>
        ) : null}
        <Fact label="Written by">
          {run.config.backend === "grammar" ? "a random grammar" : cycle.has_adapter ? `${run.model} with an adapter` : `${run.model}, base model`}
        </Fact>
        <Fact label="Selection threshold">{cycle.selection_threshold === null ? "not decided" : formatPercent(cycle.selection_threshold)}</Fact>
        <Fact label="Selected">
          {formatCount(cycle.selected)} = {plural(cycle.winners, "winner")} + {formatCount(cycle.fallback)} fallback
        </Fact>
        <Fact label="Best">
          {cycle.best === null ? (
            "none yet"
          ) : (
            <>
              {formatPercent(cycle.best.accuracy)}{" "}
              <Link prefetch={false} className="font-mono text-accent hover:underline" href={`/candidates/${cycle.best.id}`}>
                {cycle.best.id}
              </Link>
            </>
          )}
        </Fact>
        <Fact label="Report split">
          {report === null ? (
            "none evaluated"
          ) : (
            <>
              mean {formatPercent(report.value)}
              {report.low === null || report.high === null ? "" : ` (${formatInterval(report.low, report.high)})`}, n = {report.n}
            </>
          )}
        </Fact>
        <Fact label="Writing">
          {formatSeconds(seconds.generate)}, {formatCount(cycle.tokens)} tokens
        </Fact>
        <Fact label="Evaluating">{formatSeconds(seconds.evaluate)} of all slots</Fact>
        <Fact label="Selecting">{formatSeconds(seconds.select)}</Fact>
        <Fact label="Fine-tuning">
          {formatSeconds(seconds.finetune)} <AdapterLink run={run.id} cycle={cycle} />
        </Fact>
        <Fact label="From start to end">{formatDuration(seconds.wall)}</Fact>
      </dl>
    </section>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
