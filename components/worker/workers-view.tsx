"use client";

import { useQuery } from "@tanstack/react-query";

import { useTRPC } from "../live/trpc";
import { useRunsStream } from "../live/use-runs-stream";
import { DocumentTitle } from "../shell/document-title";
import { formatCount, formatDuration, notApplicable } from "../ui/format";
import { Panel } from "../ui/panel";
import { Empty, Failure, Skeleton } from "../ui/states";
import { FaultTable } from "./fault-table";
import { jobKindLabels } from "./labels";
import { WorkerCard } from "./worker-card";

/** Heartbeats make no event of their own, so the list is read again while somebody looks. */
const heartbeatMs = 5_000;

/** Who works, how well protected, and what waits. */
export function WorkersView() {
  const trpc = useTRPC();
  const workers = useQuery({ ...trpc.worker.list.queryOptions(), refetchInterval: heartbeatMs });
  const system = useQuery(trpc.system.info.queryOptions());
  useRunsStream();
  const data = workers.data;
  const running = data?.workers.filter((worker) => worker.state === "running") ?? [];
  const ended = data?.workers.filter((worker) => worker.state !== "running") ?? [];

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <DocumentTitle title="Workers" />
      <h1 className="text-xl font-semibold">Workers</h1>
      {workers.isError && data === undefined ? (
        <Failure title="Workers could not be loaded" error={workers.error} onRetry={() => void workers.refetch()} />
      ) : data === undefined ? (
        <div role="status" aria-label="Loading workers" className="grid gap-4">
          <Skeleton className="h-72" />
          <Skeleton className="h-48" />
        </div>
      ) : (
        <>
          {running.length === 0 ? (
            <Panel>
              <Empty title="No worker is running" className="p-0">
                <p>Runs wait until one is. This starts the web server, the database and a worker:</p>
                <pre className="mt-1 rounded border border-edge bg-sunken px-3 py-2 font-mono">{system.data?.start_command ?? "npm start"}</pre>
              </Empty>
            </Panel>
          ) : (
            running.map((worker) => <WorkerCard key={worker.id} worker={worker} />)
          )}
          <div className="grid gap-4 lg:grid-cols-2 lg:items-start">
            <Panel title="Queue" bodyClassName="p-0">
              <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Queue">
                <table className="figures">
                  <thead>
                    <tr>
                      <th scope="col">Work</th>
                      <th scope="col" className="number">
                        Queued
                      </th>
                      <th scope="col" className="number">
                        Under way
                      </th>
                      <th scope="col" className="number">
                        Oldest waits
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.queue.map((entry) => (
                      <tr key={entry.kind}>
                        <th scope="row" className="font-normal">
                          {jobKindLabels[entry.kind]}
                        </th>
                        <td className="number">{formatCount(entry.queued)}</td>
                        <td className="number">{formatCount(entry.leased)}</td>
                        <td className="number">{entry.oldest_seconds === null ? notApplicable : formatDuration(entry.oldest_seconds)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </Panel>
            <Panel title="Recent faults" bodyClassName="p-0">
              <FaultTable attempts={data.troubled_attempts} />
            </Panel>
          </div>
          {ended.length === 0 ? null : (
            <details>
              <summary className="min-h-8 py-1 font-semibold">Earlier workers ({ended.length})</summary>
              <div className="mt-2 grid gap-4">
                {ended.map((worker) => (
                  <WorkerCard key={worker.id} worker={worker} />
                ))}
              </div>
            </details>
          )}
        </>
      )}
    </div>
  );
}
