"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { CandidateSection } from "../candidate/candidate-section";
import { useRunView } from "../candidate/use-run-view";
import { Wall } from "../candidate/wall";
import { CycleSection } from "../cycle/cycle-section";
import { useTRPC } from "../live/trpc";
import { useRunStream } from "../live/use-run-stream";
import { DocumentTitle } from "../shell/document-title";
import { TransferPanel } from "../transfer/transfer-panel";
import { Failure, Skeleton } from "../ui/states";
import { RunHeader } from "./run-header";
import { RunNotices } from "./run-notices";
import { RunProgressPanel } from "./run-progress";
import { isEnded } from "./run-state";

const hiddenTabMs = 10_000;

/** One run: what it does now, what every cycle gave, and all its programs. */
export function RunView({ id }: { id: string }) {
  const trpc = useTRPC();
  const run = useQuery({
    ...trpc.run.get.queryOptions({ id }),
    placeholderData: keepPreviousData,
    // A hidden tab holds no stream, but its title goes on telling the progress.
    refetchInterval: ({ state }) => (state.data !== undefined && isEnded(state.data.state) ? false : hiddenTabMs),
    refetchIntervalInBackground: true,
  });
  const ended = run.data === undefined || isEnded(run.data.state);
  const store = useRunStream(id, !ended);
  const [view, setView] = useRunView();
  // Once seen live, the wall stays until the page is left: the end of a run must not move what somebody reads.
  const [wasLive, setWasLive] = useState(false);
  if (!ended && !wasLive) setWasLive(true);

  if (run.data === undefined) {
    return run.isError ? (
      <Failure title={`${id} could not be loaded`} error={run.error} onRetry={() => void run.refetch()} />
    ) : (
      <RunSkeleton />
    );
  }
  const { progress } = run.data;
  const title = ended
    ? `${id} ${run.data.state}`
    : `${id} cycle ${progress.cycle}: ${progress.evaluated} of ${progress.planned}`;
  return (
    <div className="grid gap-4">
      <DocumentTitle title={title} />
      <RunHeader run={run.data} />
      {run.data.error === null ? null : (
        <p role="alert" className="border-l-4 border-bad bg-panel px-4 py-3">
          <strong className="font-semibold">The run failed.</strong> {run.data.error} What was written and judged before stays.
        </p>
      )}
      <RunNotices run={run.data} />
      {ended && !wasLive ? null : <RunProgressPanel run={run.data} />}
      {wasLive ? <Wall run={run.data} store={store} view={view} setView={setView} /> : null}
      <CycleSection run={run.data} view={view} setView={setView} />
      <TransferPanel run={id} winners={run.data.winners} />
      <CandidateSection run={run.data} view={view} setView={setView} keys={!wasLive} />
    </div>
  );
}

function RunSkeleton() {
  return (
    <div role="status" aria-label="Loading run" className="grid gap-4">
      <Skeleton className="h-16" />
      <Skeleton className="h-24" />
      <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
        {Array.from({ length: 6 }, (_, place) => (
          <Skeleton key={place} className="h-96" />
        ))}
      </div>
    </div>
  );
}
