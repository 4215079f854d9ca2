"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";

import { writeSeeds } from "../../server/contract/study";
import type { StudySummary } from "../../server/study/views";
import { useTRPC } from "../live/trpc";
import { useRunsStream } from "../live/use-runs-stream";
import { RunStateLabel } from "../run/run-state";
import { WorkerNotice } from "../run/worker-notice";
import { DocumentTitle } from "../shell/document-title";
import { useShortcuts } from "../shell/use-shortcuts";
import { buttonClass } from "../ui/button";
import { classNames } from "../ui/class-names";
import { plural } from "../ui/format";
import { Panel } from "../ui/panel";
import { Empty, Failure, SkeletonRows } from "../ui/states";
import { TimeAgo } from "../ui/time";
import { StudyProgress } from "./study-progress";

/** The page of all studies. */
export function StudyList() {
  const trpc = useTRPC();
  const studies = useQuery(trpc.study.list.queryOptions());
  useRunsStream();
  const live = studies.data?.filter(({ desired }) => desired !== null).length ?? 0;
  return (
    <div className="grid gap-4">
      <DocumentTitle title={live === 0 ? "Studies" : `${live} live · Studies`} />
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold">Studies</h1>
          <p className="mt-0.5 max-w-prose text-ink-soft">Several arms times several seeds, side by side: what makes a difference, and what is noise.</p>
        </div>
        <Link href="/studies/new" className={buttonClass("solid")}>
          <Plus aria-hidden className="size-4" />
          New study
        </Link>
      </header>
      <WorkerNotice />
      <Panel title={`Studies${studies.data === undefined ? "" : ` (${studies.data.length})`}`} bodyClassName="p-0">
        {studies.isError && studies.data === undefined ? (
          <Failure title="Studies could not be loaded" error={studies.error} onRetry={() => void studies.refetch()} className="m-4" />
        ) : studies.data === undefined ? (
          <SkeletonRows rows={4} label="Loading studies" />
        ) : studies.data.length === 0 ? (
          <Empty title="No study yet">
            <p className="max-w-prose">
              One run shows what happened once. A study runs the same configuration beside a control, such as the frozen model, with several
              seeds each, and says which differences are more than noise.{" "}
              <Link href="/studies/new" className="text-accent underline underline-offset-2">
                Start one
              </Link>
              : with the preset quick it takes a few minutes.
            </p>
          </Empty>
        ) : (
          <StudyTable studies={studies.data} />
        )}
      </Panel>
    </div>
  );
}

function StudyTable({ studies }: { studies: readonly StudySummary[] }) {
  const router = useRouter();
  const [marked, setMarked] = useState<string | null>(null);
  const move = (by: number): void => {
    const at = studies.findIndex((one) => one.id === marked);
    const next = studies[at === -1 ? 0 : Math.min(studies.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    setMarked(next.id);
    document.getElementById(`study-${next.id}`)?.scrollIntoView({ block: "nearest" });
  };
  useShortcuts([
    { keys: "j", label: "Next study", run: () => move(1) },
    { keys: "k", label: "Previous study", run: () => move(-1) },
    { keys: "Enter", label: "Open the marked study", run: () => marked !== null && router.push(`/studies/${marked}`) },
    { keys: "Escape", label: "Unmark", run: () => setMarked(null) },
  ]);
  return (
    <>
      <ul className="divide-y divide-edge md:hidden">
        {studies.map((study) => (
          <li key={study.id}>
            <StudyCard study={study} />
          </li>
        ))}
      </ul>
      <div className="overflow-x-auto max-md:hidden" tabIndex={0} role="region" aria-label="Studies, newest first">
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">Study</th>
              <th scope="col">State</th>
              <th scope="col">Arms</th>
              <th scope="col">Seeds</th>
              <th scope="col" className="w-64">
                Programs judged
              </th>
              <th scope="col" className="number">
                Started
              </th>
            </tr>
          </thead>
          <tbody>
            {studies.map((study) => (
              <tr
                key={study.id}
                id={`study-${study.id}`}
                aria-selected={study.id === marked}
                className={classNames("hover:bg-sunken", study.id === marked && "bg-accent-soft hover:bg-accent-soft")}
              >
                <th scope="row" className="font-normal">
                  <Link prefetch={false} href={`/studies/${study.id}`} className="flex max-w-80 items-baseline gap-2 font-mono text-accent hover:underline">
                    {study.id}
                    <span className="truncate font-sans font-medium text-ink" title={study.name}>
                      {study.name}
                    </span>
                  </Link>
                </th>
                <td>
                  <StudyState study={study} />
                </td>
                <td className="max-w-80 truncate" title={study.arm_names.join(", ")}>
                  {plural(study.arm_names.length, "arm")}: {study.arm_names.join(", ")}
                </td>
                <td>{writeSeeds(study.seeds)}</td>
                <td>
                  <StudyProgress study={study} />
                </td>
                <td className="number">
                  <TimeAgo at={study.created_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

export function StudyState({ study: { state }, className }: { study: StudySummary; className?: string }) {
  if (state === null) return <span className={classNames("text-ink-faint", className)}>no runs left</span>;
  return <RunStateLabel state={state} className={className} />;
}

/** The same for a narrow screen. */
function StudyCard({ study }: { study: StudySummary }) {
  return (
    <Link prefetch={false} href={`/studies/${study.id}`} className="block px-4 py-3 hover:bg-sunken">
      <span className="flex items-baseline gap-2">
        <span className="font-mono text-accent">{study.id}</span>
        <span className="min-w-0 truncate font-medium">{study.name}</span>
        <StudyState study={study} className="ml-auto self-center" />
      </span>
      <span className="mt-1 block truncate text-ink-soft">
        {study.arm_names.join(", ")} × seeds {writeSeeds(study.seeds)}
      </span>
      <span className="mt-1 block">
        <StudyProgress study={study} />
      </span>
    </Link>
  );
}
