"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";

import type { RunSummary } from "../../server/run/views";
import { useShortcuts } from "../shell/use-shortcuts";
import { classNames } from "../ui/class-names";
import { formatCount, formatDuration, formatPercent, notApplicable } from "../ui/format";
import { TimeAgo } from "../ui/time";
import { AccuracyChange, RateFigure } from "./figures";
import { stopLabels } from "./labels";
import { RunStateLabel } from "./run-state";

/** All runs, newest first. `j`, `k` and Enter walk through them. */
export function RunTable({ runs }: { runs: RunSummary[] }) {
  const router = useRouter();
  const [marked, setMarked] = useState<string | null>(null);
  const move = (by: number): void => {
    const at = runs.findIndex((run) => run.id === marked);
    const next = runs[at === -1 ? 0 : Math.min(runs.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    setMarked(next.id);
    document.getElementById(`run-${next.id}`)?.scrollIntoView({ block: "nearest" });
  };
  useShortcuts([
    { keys: "j", label: "Next run", run: () => move(1) },
    { keys: "k", label: "Previous run", run: () => move(-1) },
    { keys: "Enter", label: "Open the marked run", run: () => marked !== null && router.push(`/runs/${marked}`) },
    { keys: "Escape", label: "Unmark", run: () => setMarked(null) },
  ]);

  return (
    <>
      <ul className="divide-y divide-edge md:hidden">
        {runs.map((run) => (
          <li key={run.id}>
            <RunCard run={run} />
          </li>
        ))}
      </ul>
      <div className="overflow-x-auto max-md:hidden" tabIndex={0} role="region" aria-label="Runs, newest first">
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">State</th>
              <th scope="col" className="number">
                Cycles
              </th>
              <th scope="col" className="number">
                Valid rate
              </th>
              <th scope="col" className="number">
                Mean accuracy
              </th>
              <th scope="col" className="number">
                Best
              </th>
              <th scope="col" className="number">
                Winners
              </th>
              <th scope="col" className="number">
                Time
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr
                key={run.id}
                id={`run-${run.id}`}
                aria-selected={run.id === marked}
                className={classNames("hover:bg-sunken", run.id === marked && "bg-accent-soft hover:bg-accent-soft")}
              >
                <th scope="row" className="font-normal">
                  <Link prefetch={false} href={`/runs/${run.id}`} className="flex max-w-64 items-baseline gap-2 hover:underline">
                    <span className="font-mono text-accent">{run.id}</span>
                    <span className="truncate font-medium" title={run.name}>
                      {run.name}
                    </span>
                    {run.fine_tuning ? null : <FrozenMark />}
                    {run.study === null ? null : <StudyMark study={run.study.id} />}
                  </Link>
                </th>
                <td>
                  <RunStateLabel state={run.state} />
                  {run.stopped === null ? null : <span className="block pl-5.5 text-xs text-warn">early: {stopLabels[run.stopped.reason]}</span>}
                </td>
                <td className="number">
                  {run.cycle + 1} <span className="block text-xs text-ink-faint">of {run.stopped?.cycles_asked ?? run.cycles_planned}</span>
                </td>
                <td className="number">
                  <RateFigure rate={run.valid_rate} />
                </td>
                <td className="number">
                  <AccuracyChange first={run.accuracy_mean_first} last={run.accuracy_mean_last} />
                </td>
                <td className="number">
                  {run.best === null ? (
                    notApplicable
                  ) : (
                    <Link prefetch={false} href={`/candidates/${run.best.id}`} className="hover:underline" title={`Best of ${run.counts.valid} valid programs: ${run.best.id}`}>
                      {formatPercent(run.best.accuracy)}
                      <span className="block text-xs text-ink-faint">of {formatCount(run.counts.valid)}</span>
                    </Link>
                  )}
                </td>
                <td className="number" title={`${run.winners} winners of ${run.counts.generated} programs`}>
                  {formatCount(run.winners)} <span className="block text-xs text-ink-faint">of {formatCount(run.counts.generated)}</span>
                </td>
                <td className="number">
                  {formatDuration(run.seconds)}
                  <span className="block text-xs text-ink-faint">
                    <TimeAgo at={run.created_at} />
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

export function FrozenMark() {
  return (
    <span className="rounded border border-edge-strong px-1 text-xs text-ink-soft" title="Fine-tuning is off: every cycle is written by the base model">
      frozen
    </span>
  );
}

function StudyMark({ study }: { study: string }) {
  return (
    <span className="rounded border border-edge-strong px-1 font-mono text-xs text-ink-soft" title={`Part of study ${study}`}>
      {study}
    </span>
  );
}

/** The same figures for a narrow screen. */
function RunCard({ run }: { run: RunSummary }) {
  return (
    <Link prefetch={false} href={`/runs/${run.id}`} className="block px-4 py-3 hover:bg-sunken">
      <span className="flex items-baseline gap-2">
        <span className="font-mono text-accent">{run.id}</span>
        <span className="min-w-0 truncate font-medium">{run.name}</span>
        {run.fine_tuning ? null : <FrozenMark />}
        {run.study === null ? null : <StudyMark study={run.study.id} />}
        <RunStateLabel state={run.state} className="ml-auto self-center" />
      </span>
      <span className="mt-1 grid grid-cols-[7rem_1fr] gap-x-2 text-ink-soft">
        <span>Valid rate</span>
        <span className="text-ink">
          <RateFigure rate={run.valid_rate} />
        </span>
        <span>Mean accuracy</span>
        <span className="text-ink">
          <AccuracyChange first={run.accuracy_mean_first} last={run.accuracy_mean_last} />
        </span>
        <span>Best, winners</span>
        <span className="text-ink">
          {formatPercent(run.best?.accuracy)}, {formatCount(run.winners)} of {formatCount(run.counts.generated)}
        </span>
        <span>
          Cycle {run.cycle + 1} of {run.cycles_planned}
        </span>
        <span>
          {formatDuration(run.seconds)}, <TimeAgo at={run.created_at} />
        </span>
      </span>
    </Link>
  );
}
