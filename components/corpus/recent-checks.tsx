"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";

import { useTRPC } from "../live/trpc";
import { taskStateLabels } from "../task/labels";
import { formatCount } from "../ui/format";
import { Panel } from "../ui/panel";
import { Empty, Failure, SkeletonRows } from "../ui/states";
import { TimeAgo } from "../ui/time";

const shown = 6;

/** Checks made before, to go on with. */
export function RecentChecks() {
  const trpc = useTRPC();
  const tasks = useQuery(trpc.task.list.queryOptions({ kinds: ["check_corpus"] }));
  return (
    <Panel title="Earlier checks" bodyClassName="p-0">
      {tasks.data === undefined ? (
        tasks.isError ? (
          <Failure title="Checks could not be loaded" error={tasks.error} onRetry={() => void tasks.refetch()} className="m-4" />
        ) : (
          <SkeletonRows rows={3} label="Loading checks" />
        )
      ) : tasks.data.length === 0 ? (
        <Empty title="None yet">
          <p>What a check has found is kept, and can be imported later.</p>
        </Empty>
      ) : (
        <ul className="divide-y divide-edge">
          {tasks.data.slice(0, shown).map((task) => (
            <li key={task.id}>
              <Link prefetch={false} href={`/corpus/import?check=${task.id}`} className="grid grid-cols-[1fr_auto] gap-x-3 px-4 py-2.5 hover:bg-sunken">
                <span className="min-w-0 truncate">
                  <span className="font-mono text-accent">{task.id}</span> {task.kind === "check_corpus" ? (task.result?.source.split(": ")[0] ?? "") : ""}
                </span>
                <span className="text-xs text-ink-soft">
                  <TimeAgo at={task.created_at} />
                </span>
                <span className="col-span-2 text-xs text-ink-soft">
                  {task.kind === "check_corpus" && task.result !== null
                    ? `${formatCount(task.result.accepted)} of ${formatCount(task.result.entries)} accepted`
                    : taskStateLabels[task.state]}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
