"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";

import { useTRPC } from "../live/trpc";
import { useRunsStream } from "../live/use-runs-stream";
import { DocumentTitle } from "../shell/document-title";
import { Panel } from "../ui/panel";
import { Empty, Failure, SkeletonRows } from "../ui/states";
import { LiveRun } from "./live-run";
import { isEnded } from "./run-state";
import { RunTable } from "./run-table";
import { StartPanel } from "./start-panel";
import { WorkerNotice } from "./worker-notice";

/** The page of all runs: what happens now, how to start one, what there is. */
export function RunList() {
  const trpc = useTRPC();
  const runs = useQuery(trpc.run.list.queryOptions());
  useRunsStream();
  const live = runs.data?.filter((run) => !isEnded(run.state)) ?? [];

  return (
    <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_24rem] xl:grid-rows-[auto_1fr] xl:items-start">
      <DocumentTitle title={live.length === 0 ? "Runs" : `${live.length} live · Runs`} />
      <div className="grid min-w-0 gap-4">
        <h1 className="text-xl font-semibold">Runs</h1>
        <WorkerNotice />
        {live.map((run) => (
          <LiveRun key={run.id} run={run} />
        ))}
      </div>
      <div className="grid min-w-0 gap-2">
        <Panel title={`Runs${runs.data === undefined ? "" : ` (${runs.data.length})`}`} bodyClassName="p-0">
          {runs.isError && runs.data === undefined ? (
            <Failure title="Runs could not be loaded" error={runs.error} onRetry={() => void runs.refetch()} className="m-4" />
          ) : runs.data === undefined ? (
            <SkeletonRows rows={6} label="Loading runs" />
          ) : runs.data.length === 0 ? (
            <Empty title="No run yet">
              <p className="max-w-prose">
                Start one with a preset: <strong>quick</strong> shows every stage once, <strong>starter</strong> is enough to see the model
                learn. The page of the run shows every program while it is written.
              </p>
            </Empty>
          ) : (
            <RunTable runs={runs.data} />
          )}
        </Panel>
        <p className="text-xs text-ink-faint">
          Valid rate: of the newest cycle with judged programs, Wilson 95 % interval. Mean accuracy: cycle 0 → that cycle, on the selection
          split. Words are explained on each run's page; work is done by <Link href="/workers" className="underline underline-offset-2">workers</Link>.
        </p>
      </div>
      <div className="xl:col-start-2 xl:row-span-2 xl:row-start-1">
        <StartPanel />
      </div>
    </div>
  );
}
