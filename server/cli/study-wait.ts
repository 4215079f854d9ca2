import type { StudyDetail } from "../trpc/types";
import { askPatiently } from "./api";
import { toDuration } from "./format";
import type { CommandIo } from "./io";
import { CommandProblem } from "./problem";
import { createProgress } from "./progress";

const lookMs = 1_000;

/** Waits until every run of a study has ended, through restarts of the instance. Ctrl-C leaves the study going. */
export async function waitForStudy(io: CommandIo, id: string): Promise<StudyDetail> {
  const progress = createProgress(io);
  for (;;) {
    if (io.signal.aborted) throw left(id);
    const study = await askPatiently(io, (api) => api.study.get.query({ id })).catch((error: unknown) => {
      throw io.signal.aborted ? left(id) : error;
    });
    if (study.desired === null) {
      progress.clear();
      return study;
    }
    progress.show(toLine(study));
    await io.sleep(lookMs);
  }
}

const left = (id: string) =>
  new CommandProblem(`${id} goes on without this command: npm run -s archloom -- study show ${id} (or study cancel ${id}).`);

function toLine({ id, states, runs, programs_judged: judged, programs_planned: planned, eta, waiting_for_worker: waiting }: StudyDetail): string {
  if (waiting) return `${id} is waiting for a worker`;
  const time = eta === null ? "" : `, ${toDuration(eta.seconds_low)} to ${toDuration(eta.seconds_high)} left`;
  return `${id}: ${states.finished ?? 0} of ${runs} runs finished, ${judged} of ${planned} programs${time}`;
}
