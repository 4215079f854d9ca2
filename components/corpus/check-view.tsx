"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";

import type { CorpusCheckView } from "../../server/corpus/views";
import { useTRPC } from "../live/trpc";
import { TaskProgress } from "../task/task-progress";
import { isOpen, useTask } from "../task/use-task";
import { Button, buttonClass } from "../ui/button";
import { formatCount, plural } from "../ui/format";
import { Failure, Skeleton } from "../ui/states";
import { FindingsTable } from "./findings-table";
import { ImportForm } from "./import-form";

const lookMs = 1_000;

/** One check from its place in the queue to the corpus that was made of it. */
export function CheckView({ id, onLeave }: { id: string; onLeave: () => void }) {
  const trpc = useTRPC();
  const watched = useTask(id);
  const check = useQuery({
    ...trpc.corpus.getCheck.queryOptions({ check: id }),
    refetchInterval: ({ state }) => (state.data !== undefined && isOpen(state.data.task) ? lookMs : false),
  });
  if (check.data === undefined) {
    return check.isError ? (
      <div className="grid justify-items-start gap-3">
        <Failure title={`The check ${id} could not be loaded`} error={check.error} onRetry={() => void check.refetch()} />
        <Button onClick={onLeave}>Choose a source</Button>
      </div>
    ) : (
      <div role="status" aria-label="Loading check" className="grid gap-4">
        <Skeleton className="h-24" />
        <Skeleton className="h-64" />
      </div>
    );
  }
  const { task, source, recipe, base_version: base } = check.data;
  const running = isOpen(task);
  const again = (
    <Button onClick={onLeave} className="mt-1">
      Choose another source
    </Button>
  );
  const lost = task.state === "failed" || task.state === "cancelled";
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
      <TaskProgress
        watched={watched}
        title={`${running ? "Checking" : "Check of"} ${source} against ${recipe}${base === null ? "" : `, base ${base}`}`}
        remedy={again}
      />
      {check.data.read_as === null ? null : <p className="text-ink-soft break-words">{check.data.read_as}</p>}
      {lost ? null : <Counts check={check.data} />}
      {task.state === "done" ? <Outcome check={check.data} onLeave={onLeave} onImport={() => void check.refetch()} /> : null}
      {lost ? null : <FindingsTable check={check.data} running={running} />}
    </div>
  );
}

function Counts({ check }: { check: CorpusCheckView }) {
  const { accepted, duplicate, rejected } = check.counts;
  const figures = [
    ["decided", accepted + duplicate + rejected, "text-ink"],
    ["accepted", accepted, "text-good"],
    ["duplicates", duplicate, "text-warn"],
    ["rejected", rejected, "text-bad"],
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded border border-edge bg-edge sm:grid-cols-4">
      {figures.map(([label, value, color]) => (
        <div key={label} className="bg-panel px-4 py-2.5">
          <dt className="text-xs text-ink-soft">{label}</dt>
          <dd className={`text-lg font-semibold ${value === 0 ? "text-ink" : color}`}>{formatCount(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What can be done with what was found: import it, look at what it became, or turn back. */
function Outcome({ check, onLeave, onImport }: { check: CorpusCheckView; onLeave: () => void; onImport: () => void }) {
  const watched = useTask(check.import?.task ?? null);
  const { task } = watched;
  if (check.counts.accepted === 0) {
    return (
      <div className="rounded border border-warn bg-warn-soft px-4 py-3">
        <p>
          <strong className="font-semibold">Nothing was accepted,</strong> so there is nothing to import. The reasons are below
          {check.base_version === null ? "." : `; entries of ${check.base_version} are known already.`}
        </p>
        <Button onClick={onLeave} className="mt-2">
          Choose another source
        </Button>
      </div>
    );
  }
  const made = task?.kind === "import_corpus" ? task.result : null;
  if (made !== null) {
    return (
      <div role="status" className="flex flex-wrap items-center justify-between gap-3 rounded border border-edge bg-panel px-4 py-3">
        <p>
          <strong className="font-semibold">
            <span className="font-mono">{made.version}</span> is ready
          </strong>{" "}
          with {plural(made.entries, "entry", "entries")}
          {check.base_version === null && made.entries < check.counts.accepted ? `; ${plural(check.counts.accepted - made.entries, "near-duplicate")} left out` : ""}.
        </p>
        <Link href={`/corpus/${made.version}`} className={buttonClass("solid")}>
          Open it
        </Link>
      </div>
    );
  }
  const open = check.import !== null && (task === undefined || isOpen(task));
  return (
    <>
      {check.import === null ? null : <TaskProgress watched={watched} title={`Importing into ${check.import.version}`} />}
      {open ? null : <ImportForm check={check} onImport={onImport} />}
    </>
  );
}
