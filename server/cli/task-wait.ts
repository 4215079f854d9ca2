import { sayWhatRemains, type TaskKind } from "../contract";
import type { TaskView } from "../trpc/types";
import { ask, askPatiently } from "./api";
import { toBytes, toDuration } from "./format";
import type { CommandIo } from "./io";
import { CommandProblem } from "./problem";
import { createProgress } from "./progress";

const lookMs = 500;

/** A task of one kind that is done. */
export type DoneTask<Kind extends TaskKind> = Extract<TaskView, { kind: Kind }> & { result: NonNullable<Extract<TaskView, { kind: Kind }>["result"]> };

/** Waits for a task's end and returns it; one that failed becomes its sentence. Ctrl-C cancels it. */
export async function waitForTask<Kind extends TaskKind>(io: CommandIo, id: string, kind: Kind): Promise<DoneTask<Kind>> {
  const progress = createProgress(io);
  for (;;) {
    const task = io.signal.aborted ? null : await askPatiently(io, (api) => api.task.get.query({ id })).catch((error: unknown) => {
      if (io.signal.aborted) return null;
      throw error;
    });
    if (task === null) {
      progress.clear();
      await ask(io, (api) => api.task.cancel.mutate({ id }));
      throw new CommandProblem(`Interrupted: ${id} is cancelled; ${sayWhatRemains(kind)}.`);
    }
    if (task.state !== "queued" && task.state !== "running") progress.clear();
    if (task.state === "failed") throw new CommandProblem(task.error ?? `${id} failed for no known reason.`);
    if (task.state === "cancelled") throw new CommandProblem(`${id} was cancelled.`);
    if (task.state === "done" && task.kind === kind && task.result !== null) return task as DoneTask<Kind>;
    if (task.state === "done") throw new Error(`${id} is a ${task.kind}, not a ${kind}`);
    progress.show(toLine(task));
    await io.sleep(lookMs);
  }
}

function toLine({ id, kind, state, progress, waiting_for_worker: waiting }: TaskView): string {
  if (waiting) return `${id} is waiting for a worker`;
  if (progress === null) return `${id} ${kind}: ${state}`;
  const { done, total, unit, note, seconds_left: left } = progress;
  const write = (amount: number) => (unit === "bytes" ? toBytes(amount) : String(amount));
  const parts = [
    `${write(done)}${total === null ? "" : ` of ${write(total)}`}${unit === "bytes" ? "" : ` ${unit}`}`,
    ...(left === null ? [] : [`${toDuration(left.low)} to ${toDuration(left.high)} left`]),
    ...(note === "" ? [] : [note]),
  ];
  return `${id} ${kind}: ${parts.join(", ")}`;
}
