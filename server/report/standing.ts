import { count, percent, plural } from "./format";
import type { RunSummary } from "../run/views";

/** From this share of losses on, the machine may have decided more than the programs did. */
const notableLoss = 0.05;

/** What a reader must know before any figure; null = the run has finished as it was planned. */
export function toStanding(run: RunSummary, judged: number): string | null {
  const said = [toState(run, judged), toLosses(run)].filter((sentence) => sentence !== null);
  return said.length === 0 ? null : said.join(" ");
}

function toState({ id, state, error, stopped, cycle, stage, cycles_planned: planned }: RunSummary, judged: number): string | null {
  const so = judged === 0 ? "No cycle was judged to its end, so most of this report is empty." : `${count(judged)} of ${plural(planned, "planned cycle")} ${judged === 1 ? "is" : "are"} judged, and only those are in the results.`;
  switch (state) {
    case "finished":
      return stopped === null ? null : `${id} ended after ${count(judged)} of ${plural(stopped.cycles_asked, "cycle")} because it had collapsed (see its notices), as configured.`;
    case "failed":
      return `${id} failed in cycle ${cycle}: ${toSentence(error ?? "for no known reason")} ${so}`;
    case "cancelled":
      return `${id} was cancelled in cycle ${cycle}, while it was ${stage}. ${so}`;
    case "waiting":
    case "running":
    case "pausing":
    case "paused":
    case "cancelling":
      return `${id} is ${state === "waiting" ? "waiting for a worker" : state}, in cycle ${cycle}: this report is of what there is now. ${so}`;
  }
}

const toSentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function toLosses({ counts: { worker_lost: lost, generated } }: RunSummary): string | null {
  if (lost === 0 || lost / generated < notableLoss) return null;
  return `${count(lost)} of ${count(generated)} programs (${percent(lost / generated)}) were lost with a worker and are in no rate.`;
}
