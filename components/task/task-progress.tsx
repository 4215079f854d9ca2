"use client";

import { CircleCheck, CircleX } from "lucide-react";
import type { ReactNode } from "react";

import { sayWhatRemains } from "../../server/contract/tasks";
import type { TaskProgressView } from "../../server/task/views";
import { WorkerNotice } from "../run/worker-notice";
import { Button } from "../ui/button";
import { classNames } from "../ui/class-names";
import { formatBytes, formatCount, formatDuration } from "../ui/format";
import { ProgressBar } from "../ui/progress-bar";
import { Failure, Skeleton } from "../ui/states";
import { taskKindLabels, taskStateLabels } from "./labels";
import { isOpen, type useTask } from "./use-task";

interface TaskProgressProps {
  /** What `useTask` gave. */
  watched: ReturnType<typeof useTask>;
  /** What is done, e.g. "Checking lemur.jsonl"; else the words for its kind. */
  title?: string;
  /** What a person can do when it failed or was cancelled. */
  remedy?: ReactNode;
  className?: string;
}

/** One task from its place in the queue to its end: how far, how long, what went wrong. Only changes of state are announced. */
export function TaskProgress({ watched, title, remedy, className }: TaskProgressProps) {
  const { task, error, refetch, cancel } = watched;
  if (task === undefined) {
    return error === null ? (
      <div role="status" aria-label="Loading task" className={classNames("grid gap-2 rounded border border-edge bg-panel p-4", className)}>
        <Skeleton className="h-5 w-64 max-w-full" />
        <Skeleton className="h-2" />
        <Skeleton className="h-5 w-40" />
      </div>
    ) : (
      <Failure title="The task could not be loaded" error={error} onRetry={refetch} className={className} />
    );
  }
  const { progress } = task;
  const open = isOpen(task);
  return (
    <section aria-label="Task" className={classNames("grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2 rounded border border-edge bg-panel p-4", className)}>
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p role="status" className="flex min-w-0 items-center gap-1.5">
          {task.state === "done" ? <CircleCheck aria-hidden className="size-4 shrink-0 text-good" /> : null}
          {task.state === "failed" ? <CircleX aria-hidden className="size-4 shrink-0 text-bad" /> : null}
          <strong className="min-w-0 font-semibold break-words">{title ?? taskKindLabels[task.kind]}</strong>
          <span className="whitespace-nowrap text-ink-soft">{task.cancelling ? "cancelling…" : taskStateLabels[task.state]}</span>
        </p>
        {open ? (
          <Button onClick={cancel} disabled={task.cancelling}>
            Cancel
          </Button>
        ) : null}
      </div>
      {open ? (
        <>
          <ProgressBar share={toShare(progress)} label={title ?? taskKindLabels[task.kind]} />
          <p className="flex min-h-5 flex-wrap justify-between gap-x-4 text-ink-soft">
            <span className="min-w-0 break-words">{progress === null ? (task.state === "queued" ? "not begun" : "getting ready") : toCount(progress)}</span>
            <span>{toTimeLeft(progress)}</span>
          </p>
        </>
      ) : null}
      {task.waiting_for_worker ? <WorkerNotice /> : null}
      {error === null || !open ? null : <p className="text-warn">Its progress cannot be read at the moment: {error.message}</p>}
      {task.error === null ? null : (
        <p role="alert" className="max-w-prose border-l-4 border-bad px-3 wrap-anywhere">
          {task.error}
        </p>
      )}
      {task.state === "cancelled" ? <p className="text-ink-soft">It was cancelled; {sayWhatRemains(task.kind)}.</p> : null}
      {(task.state === "failed" || task.state === "cancelled") && remedy !== undefined ? <div>{remedy}</div> : null}
    </section>
  );
}

const toShare = (progress: TaskProgressView | null): number | null =>
  progress === null || progress.total === null || progress.total === 0 ? null : Math.min(1, progress.done / progress.total);

/** `1,204 of 8,000 networks · reading the archive`. */
function toCount({ done, total, unit, note }: TaskProgressView): string {
  const bytes = unit === "bytes";
  const write = bytes ? formatBytes : formatCount;
  const count = `${write(done)}${total === null ? "" : ` of ${write(total)}`}${bytes ? "" : ` ${unit}`}`;
  return note === "" ? count : `${count} · ${note}`;
}

function toTimeLeft(progress: TaskProgressView | null): string {
  if (progress === null || progress.total === null) return "";
  const { seconds_left: left, per_second: pace } = progress;
  if (left === null) return pace === null ? `time left: known after ten ${progress.unit}` : "";
  const [low, high] = [formatDuration(left.low), formatDuration(left.high)];
  return low === high ? `about ${low} left` : `${low} to ${high} left`;
}
