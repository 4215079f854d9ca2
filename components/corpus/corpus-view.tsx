"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";

import type { CorpusDetail } from "../../server/corpus/views";
import { useTRPC } from "../live/trpc";
import { DocumentTitle } from "../shell/document-title";
import { TaskProgress } from "../task/task-progress";
import { useTask } from "../task/use-task";
import { formatCount, plural } from "../ui/format";
import { Failure, Skeleton } from "../ui/states";
import { TimeAgo } from "../ui/time";
import { CorpusActions } from "./corpus-actions";
import { CurationPanel } from "./curation-panel";
import { EntrySection } from "./entry-section";
import { corpusStateLabels } from "./labels";

const importingMs = 2_000;

/** One corpus: its numbers, what curation did, every entry with its code. */
export function CorpusView({ version }: { version: string }) {
  const trpc = useTRPC();
  const corpus = useQuery({
    ...trpc.corpus.get.queryOptions({ version }),
    refetchInterval: ({ state }) => (state.data?.state === "importing" ? importingMs : false),
  });
  if (corpus.data === undefined) {
    return corpus.isError ? (
      <Failure title={`${version} could not be loaded`} error={corpus.error} onRetry={() => void corpus.refetch()} />
    ) : (
      <div role="status" aria-label="Loading corpus" className="grid gap-4">
        <Skeleton className="h-16" />
        <Skeleton className="h-48" />
        <Skeleton className="h-96" />
      </div>
    );
  }
  return (
    <div className="grid gap-4">
      <DocumentTitle title={version} />
      <CorpusHeader corpus={corpus.data} />
      {corpus.data.state === "importing" ? <Importing corpus={corpus.data} /> : null}
      <CurationPanel corpus={corpus.data} />
      <EntrySection corpus={corpus.data} />
    </div>
  );
}

const namedRuns = 8;

function CorpusHeader({ corpus }: { corpus: CorpusDetail }) {
  const { splits, runs } = corpus;
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <p className="text-xs text-ink-soft">
          <Link href="/corpus" className="hover:underline">
            Corpus
          </Link>{" "}
          / {corpusStateLabels[corpus.state]}
        </p>
        <h1 className="font-mono text-xl font-semibold break-all">{corpus.version}</h1>
        {corpus.description === "" ? null : <p className="max-w-prose break-words">{corpus.description}</p>}
        <p className="mt-0.5 text-ink-soft">
          {plural(corpus.entries, "entry", "entries")}: {formatCount(splits.train)} for training, {formatCount(splits.validation)} for validation,{" "}
          {formatCount(splits.test)} for test · {formatCount(corpus.with_accuracy)} of {formatCount(corpus.entries)} with an accuracy · made <TimeAgo at={corpus.created_at} />
          {corpus.base_version === null ? null : (
            <>
              {" "}
              · after the entries of{" "}
              <Link prefetch={false} href={`/corpus/${corpus.base_version}`} className="font-mono text-accent hover:underline">
                {corpus.base_version}
              </Link>
            </>
          )}
        </p>
        <p className="text-ink-soft">
          {runs.length === 0 ? "No run uses it." : `Used by ${plural(runs.length, "run")}: `}
          {runs.slice(-namedRuns).map((run) => (
            <Link key={run} prefetch={false} href={`/runs/${run}`} className="mr-1.5 font-mono text-accent hover:underline">
              {run}
            </Link>
          ))}
          {runs.length > namedRuns ? `and ${formatCount(runs.length - namedRuns)} earlier` : ""}
        </p>
      </div>
      <CorpusActions corpus={corpus} />
    </header>
  );
}

function Importing({ corpus }: { corpus: CorpusDetail }) {
  const watched = useTask(corpus.task);
  return corpus.task === null ? (
    <p className="border-l-4 border-warn bg-panel px-4 py-3">Its import never ended, so no run can use it. Delete it and import it again.</p>
  ) : (
    <TaskProgress watched={watched} title={`Importing ${corpus.version}`} remedy="No run can use it. Delete it and import it again." />
  );
}
