import type { RunDetail } from "../trpc/types";
import { askPatiently } from "./api";
import type { CommandIo } from "./io";
import { CommandProblem } from "./problem";
import { createProgress } from "./progress";

const lookMs = 500;

/** Waits until a run has ended, through restarts of the instance, and returns it. Ctrl-C leaves the run going. */
export async function waitForRun(io: CommandIo, id: string): Promise<RunDetail> {
  const progress = createProgress(io);
  for (;;) {
    if (io.signal.aborted) throw left(id);
    const run = await askPatiently(io, (api) => api.run.get.query({ id })).catch((error: unknown) => {
      throw io.signal.aborted ? left(id) : error;
    });
    if (run.state === "finished" || run.state === "failed" || run.state === "cancelled") {
      progress.clear();
      return run;
    }
    progress.show(toLine(run));
    await io.sleep(lookMs);
  }
}

const left = (id: string) =>
  new CommandProblem(`${id} goes on without this command: npm run -s archloom -- run show ${id} (or run cancel ${id}).`);

function toLine({ id, state, progress, cycles_planned: cycles }: RunDetail): string {
  const { cycle, stage, written, evaluated, planned, finetune } = progress;
  if (progress.waiting_for_worker) return `${id} is waiting for a worker`;
  const detail = finetune === null ? `${written} written, ${evaluated} evaluated of ${planned}` : `step ${finetune.step} of ${finetune.total_steps}`;
  return `${id} ${state}: cycle ${cycle + 1} of ${cycles}, ${stage}, ${detail}`;
}
