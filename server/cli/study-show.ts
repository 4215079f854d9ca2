import { writeSeeds } from "../contract";
import type { PooledCycle } from "../contract/statistics";
import { describeChange, describeSpan, figureNames, verdictWords } from "../contract/study-words";
import type { StudyComparison, StudyDetail, StudyDifference, StudySummary } from "../trpc/types";
import { toDuration, toEstimate, toPercent } from "./format";
import { toFacts, toTable } from "./table";

export function toStudyList(studies: readonly StudySummary[]): string {
  if (studies.length === 0) return 'There are no studies yet: npm run -s archloom -- study start --name "what fine-tuning does" --preset quick --arm frozen\n';
  return toTable(studies, [
    { title: "study", value: (study) => study.id },
    { title: "name", value: (study) => study.name },
    { title: "state", value: (study) => study.state ?? "empty" },
    { title: "arms", value: (study) => study.arm_names.join(", ") },
    { title: "seeds", value: (study) => writeSeeds(study.seeds) },
    { title: "finished", value: (study) => `${study.states.finished ?? 0}/${study.runs}`, right: true },
    { title: "left", value: toLeft, right: true },
  ]);
}

function toLeft({ eta, waiting_for_worker: waiting }: StudySummary): string | null {
  if (waiting) return "no worker";
  return eta === null ? null : `${toDuration(eta.seconds_low)} to ${toDuration(eta.seconds_high)}`;
}

export function toStudyText(study: StudyDetail, comparison: StudyComparison): string {
  const states = Object.entries(study.states).map(([state, count]) => `${count} ${state}`);
  const facts = toFacts([
    ["study", `${study.id} ${study.name}`],
    ["state", study.state ?? "empty: its runs have been deleted"],
    ["runs", states.length === 0 ? null : `${study.runs}: ${states.join(", ")}`],
    ["left", study.waiting_for_worker ? "waiting for a worker: npm start" : toLeft(study)],
  ]);
  const conclusion = comparison.conclusion.map(({ sentence }) => `${sentence}\n`).join("");
  const parts = [facts, conclusion, toRuns(study), ...comparison.arms.map(({ name, cycles }) => `${name}\n${toCycles(cycles)}`)];
  if (comparison.compared !== null) parts.push(toDifferences(study, comparison, comparison.compared.last));
  parts.push("Rates and means in percent with 95 % intervals: Wilson for rates, bootstrap over seeds, then candidates, for means and differences.\n");
  if (comparison.notes.length > 0) parts.push(comparison.notes.map((note) => `${note}\n`).join(""));
  return parts.join("\n");
}

const toRuns = ({ arms, seeds }: StudyDetail) =>
  toTable(arms, [
    { title: "arm", value: (arm) => arm.name },
    ...seeds.map((seed) => ({
      title: `seed ${seed}`,
      value: (arm: StudyDetail["arms"][number]) => {
        const run = arm.runs.find((one) => one.seed === seed);
        return run === undefined ? null : `${run.id} ${run.state}`;
      },
    })),
    { title: "changes", value: ({ changes }) => Object.entries(changes).map(([path, value]) => `${path}=${JSON.stringify(value)}`).join(" ") || null },
  ]);

const toCycles = (cycles: readonly PooledCycle[]) =>
  toTable(cycles, [
    { title: "cycle", value: (cycle) => cycle.cycle, right: true },
    { title: "seeds", value: (cycle) => cycle.seeds, right: true },
    { title: "valid", value: (cycle) => toEstimate(cycle.valid_rate) },
    { title: "accuracy", value: (cycle) => toEstimate(cycle.accuracy_mean) },
    { title: "over 40 %", value: (cycle) => toEstimate(cycle.share_above_threshold) },
    { title: "of rated", value: (cycle) => toPercent(cycle.share_above_threshold_of_rated?.value), right: true },
    { title: "novel", value: (cycle) => toEstimate(cycle.novelty_rate) },
    { title: "winners", value: (cycle) => cycle.winners, right: true },
  ]);

function toDifferences(study: StudyDetail, { differences, span, arms }: StudyComparison, last: number): string {
  const table = toTable(differences, [
    { title: "arm", value: (row) => study.arms[row.arm]?.name ?? null },
    { title: "figure", value: (row) => figureNames[row.figure] },
    { title: "reference", value: (row) => toValue(row, row.reference), right: true },
    { title: "arm's", value: (row) => toValue(row, row.value), right: true },
    { title: "difference", value: toChange },
    { title: "seeds", value: (row) => row.seeds, right: true },
    { title: "candidates", value: (row) => `${row.reference_cases}, ${row.cases}`, right: true },
    { title: "word", value: (row) => verdictWords[row.verdict] },
  ]);
  return `Against ${arms[0]?.name ?? "the reference"} in ${describeSpan(span, last)}\n${table}`;
}

function toValue({ figure }: StudyDifference, value: number | null): string | null {
  return figure === "winners" ? (value?.toFixed(1) ?? null) : toPercent(value);
}

function toChange({ figure, difference }: StudyDifference): string | null {
  if (difference === null) return null;
  const [value, low, high] = [difference.value, difference.low, difference.high].map((part) => describeChange(figure, part).replace(" points", ""));
  return `${value} [${low}, ${high}]`;
}
