"use client";

import Link from "next/link";

import { parsePromptTemplateId } from "../../server/contract/ids";
import type { RunConfig } from "../../server/contract/run-config";
import type { RunDetail } from "../../server/run/views";
import { formatCount, formatPercent, plural } from "../ui/format";
import { Elapsed, TimeAgo } from "../ui/time";
import { noveltyTestsLabels, noveltyTestsSentences } from "./labels";
import { RunActions } from "./run-actions";
import { isEnded, RunStateLabel } from "./run-state";
import { FrozenMark } from "./run-table";

export function RunHeader({ run }: { run: RunDetail }) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <p className="text-xs text-ink-soft">
          <Link href="/runs" className="hover:underline">
            Runs
          </Link>{" "}
          / <span className="font-mono">{run.id}</span>
          {run.source_run === null ? null : (
            <>
              , from{" "}
              <Link prefetch={false} href={`/runs/${run.source_run}`} className="font-mono text-accent hover:underline">
                {run.source_run}
              </Link>
            </>
          )}
          {run.study === null ? null : <StudyTag study={run.study} seed={run.seed} />}
        </p>
        <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold">
          <span className="min-w-0 break-words">{run.name}</span>
          <RunStateLabel state={run.state} className="text-sm" />
          {run.fine_tuning ? null : <FrozenMark />}
        </h1>
        <p className="mt-0.5 text-ink-soft">
          {plural(run.cycles_planned, "cycle")} × {run.candidates_per_cycle} · <Writer config={run.config} /> · recipe {run.recipe} · corpus{" "}
          {run.config.corpus_version} · seed {run.seed} ·{" "}
          {run.started_at === null ? "not started" : <Elapsed from={run.started_at} to={isEnded(run.state) ? run.ended_at : null} />} · created{" "}
          <TimeAgo at={run.created_at} />
        </p>
        <p className="text-ink-soft">
          {run.best === null ? (
            "No valid program yet"
          ) : (
            <>
              Best <strong className="font-semibold text-ink">{formatPercent(run.best.accuracy)}</strong> by{" "}
              <Link prefetch={false} href={`/candidates/${run.best.id}`} className="font-mono text-accent hover:underline">
                {run.best.id}
              </Link>{" "}
              of {formatCount(run.counts.valid)} valid
            </>
          )}
          {" · "}
          {plural(run.winners, "winner")} of {formatCount(run.counts.generated)} written
        </p>
        <p className="text-ink-soft">
          <span title={noveltyTestsSentences[run.config.novelty.tests]}>A copy is told by its {noveltyTestsLabels[run.config.novelty.tests]}</span>
          {run.config.novelty.filter ? "" : ", and may win all the same: the filter is off"}.
        </p>
      </div>
      <RunActions run={run} />
    </header>
  );
}

/** Who writes the programs, and from which template. */
function Writer({ config: { backend, model, server_url, prompt } }: { config: RunConfig }) {
  if (backend === "grammar") return <>random networks of a grammar</>;
  const { name, version } = parsePromptTemplateId(prompt.template);
  return (
    <>
      model {model}
      {backend === "server" ? ` at ${server_url}` : ""} · prompt{" "}
      <Link prefetch={false} href={`/prompts/${name}?version=${version}`} className="text-accent underline underline-offset-2">
        {prompt.template}
      </Link>
    </>
  );
}

function StudyTag({ study: { id, arm }, seed }: { study: NonNullable<RunDetail["study"]>; seed: number }) {
  return (
    <>
      , arm {arm}, seed {seed} of study{" "}
      <Link prefetch={false} href={`/studies/${id}`} className="font-mono text-accent hover:underline">
        {id}
      </Link>
    </>
  );
}
