import type { NoveltyTests } from "../contract";
import type { CycleFigures, RunDetail, RunSummary } from "../trpc/types";
import { toDuration, toEstimate, toPercent } from "./format";
import { toFacts, toTable } from "./table";

export function toRunList(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return "There are no runs yet: npm run -s archloom -- run start --preset quick\n";
  return toTable(runs, [
    { title: "run", value: (run) => run.id },
    { title: "name", value: (run) => run.name },
    { title: "state", value: (run) => run.state },
    { title: "cycle", value: (run) => `${run.cycle + 1}/${run.cycles_planned}`, right: true },
    { title: "valid %", value: (run) => toPercent(run.valid_rate?.value), right: true },
    { title: "first mean %", value: (run) => toPercent(run.accuracy_mean_first?.value), right: true },
    { title: "last mean %", value: (run) => toPercent(run.accuracy_mean_last?.value), right: true },
    { title: "best %", value: (run) => toPercent(run.best?.accuracy), right: true },
    { title: "winners", value: (run) => run.winners, right: true },
    { title: "time", value: (run) => toDuration(run.seconds), right: true },
  ]);
}

export function toRunText(run: RunDetail): string {
  const facts = toFacts([
    ["run", `${run.id} ${run.name}`],
    ["state", run.error === null ? run.state : `${run.state}: ${run.error}`],
    ["ended early", run.stopped === null ? null : `after ${run.cycles_planned} of ${run.stopped.cycles_asked} cycles: ${run.stopped.reason}`],
    ["configuration", `${run.preset}, model ${run.model}, recipe ${run.recipe}, seed ${run.seed}${run.fine_tuning ? "" : ", frozen"}`],
    ["prompt", run.config.backend === "grammar" ? null : run.config.prompt.template],
    ["a copy is told by", noveltyWords[run.config.novelty.tests]],
    ["started again from", run.source_run],
    ["best", run.best === null ? null : `${run.best.id} ${toPercent(run.best.accuracy)} %`],
    ["time", toDuration(run.seconds)],
    ["left", toLeft(run)],
  ]);
  const notices = run.notices.map(({ message }) => `! ${message}\n`).join("");
  return `${facts}\n${notices}${notices === "" ? "" : "\n"}${toCycles(run.cycles)}\nRates and means in percent with 95 % intervals; generated = rated + pending + cancelled + worker lost.\n`;
}

const noveltyWords: Record<NoveltyTests, string> = {
  text: "text (Jaccard)",
  structure: "structure (traced graph)",
  text_and_structure: "text (Jaccard) or structure (traced graph)",
};

function toLeft({ progress }: RunDetail): string | null {
  if (progress.waiting_for_worker) return "waiting for a worker: npm start";
  if (progress.eta === null) return null;
  const { seconds_low: low, seconds_high: high, basis } = progress.eta;
  return `${toDuration(low)} to ${toDuration(high)} (${basis})`;
}

const toCycles = (cycles: readonly CycleFigures[]) =>
  toTable(cycles, [
    { title: "cycle", value: (cycle) => cycle.number, right: true },
    { title: "stage", value: (cycle) => cycle.stage },
    { title: "generated", value: (cycle) => cycle.generated, right: true },
    { title: "pending", value: (cycle) => cycle.pending, right: true },
    { title: "cancelled", value: (cycle) => cycle.cancelled, right: true },
    { title: "lost", value: (cycle) => cycle.worker_lost, right: true },
    { title: "parsed", value: (cycle) => cycle.parsed, right: true },
    { title: "built", value: (cycle) => cycle.built, right: true },
    { title: "valid", value: (cycle) => toEstimate(cycle.valid_rate) },
    { title: "accuracy", value: (cycle) => toEstimate(cycle.accuracy_mean) },
    { title: "over 40 %", value: (cycle) => toPercent(cycle.share_above_threshold?.value), right: true },
    { title: "novel", value: (cycle) => cycle.novel, right: true },
    { title: "winners", value: (cycle) => cycle.winners, right: true },
    { title: "selected", value: (cycle) => cycle.selected, right: true },
  ]);
