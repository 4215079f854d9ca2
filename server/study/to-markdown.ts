import { writeSeeds } from "../contract";
import type { Mean, Rate } from "../contract/statistics";
import type { StudyComparison, StudyDetail, StudyDifference } from "./views";
import { describeChange, describeSpan, figureNames, verdictWords } from "../contract/study-words";

/** The study as a page of Markdown: conclusion, differences in words, every cycle of every arm, and what was left out. */
export function toMarkdown(study: StudyDetail, comparison: StudyComparison): string {
  return [
    `# ${study.id}: ${escapeText(study.name)}`,
    describeBase(study),
    comparison.conclusion.map(({ sentence }) => `- ${escapeText(sentence)}`).join("\n"),
    ...toDifferences(study, comparison),
    ...comparison.arms.flatMap(({ name, cycles }, at) => [
      `## ${escapeText(name)}`,
      describeArm(study, at),
      cycles.length === 0 ? "No cycle has been judged yet." : toCycles(cycles),
    ]),
    "Percentages with 95 % intervals: Wilson for rates, a bootstrap over seeds, then candidates (10,000 draws) for the mean and for differences.",
    ...(comparison.notes.length === 0 ? [] : [comparison.notes.map((note) => `- ${escapeText(note)}`).join("\n")]),
  ].join("\n\n").concat("\n");
}

function describeBase({ base, arms, seeds, runs }: StudyDetail): string {
  const start = base === null ? "" : ` ${base.cycles} cycles of ${base.candidates_per_cycle}, preset ${base.preset}, model ${base.model}, recipe ${base.recipe}.`;
  return `${arms.length} ${arms.length === 1 ? "arm" : "arms"} x seeds ${writeSeeds(seeds)}: ${runs} runs.${start}`;
}

function describeArm({ arms }: StudyDetail, at: number): string {
  const arm = arms[at];
  const changes = Object.entries(arm?.changes ?? {}).map(([path, value]) => `\`${path}=${JSON.stringify(value)}\``);
  const runs = arm?.runs.map(({ id, seed, state }) => `${id} (seed ${seed}, ${state})`) ?? [];
  return `${changes.length === 0 ? "As the base." : `Changed: ${changes.join(", ")}.`} Runs: ${runs.join(", ")}.`;
}

function toDifferences({ arms }: StudyDetail, { differences, compared, span }: StudyComparison): string[] {
  if (compared === null) return [];
  const rows = differences.map((row) => [
    escapeText(arms[row.arm]?.name ?? ""),
    figureNames[row.figure],
    toValue(row, row.reference),
    toValue(row, row.value),
    toChange(row),
    String(row.seeds),
    `${row.reference_cases}, ${row.cases}`,
    verdictWords[row.verdict],
  ]);
  const titles = ["arm", "figure", arms[0]?.name ?? "reference", "arm's", "difference", "seeds", "candidates", "word"];
  return [`## Differences in ${describeSpan(span, compared.last)}`, toTable(titles, rows)];
}

function toValue({ figure }: StudyDifference, value: number | null): string {
  if (value === null) return "-";
  return figure === "winners" ? value.toFixed(1) : percent(value);
}

function toChange({ figure, difference }: StudyDifference): string {
  if (difference === null) return "-";
  const [value, low, high] = [difference.value, difference.low, difference.high].map((part) => describeChange(figure, part));
  return `${value} (${low?.replace(" points", "")} to ${high?.replace(" points", "")})`;
}

const toCycles = (cycles: StudyComparison["arms"][number]["cycles"]) =>
  toTable(
    ["cycle", "seeds", "valid rate", "mean accuracy", "over 40 % of valid", "of rated", "novel of valid", "winners"],
    cycles.map((cycle) => [
      String(cycle.cycle),
      String(cycle.seeds),
      toEstimate(cycle.valid_rate),
      toEstimate(cycle.accuracy_mean),
      toEstimate(cycle.share_above_threshold),
      toEstimate(cycle.share_above_threshold_of_rated),
      toEstimate(cycle.novelty_rate),
      String(cycle.winners),
    ]),
  );

function toTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [titles.map(escapeText), titles.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function toEstimate(figure: Rate | Mean | null): string {
  if (figure === null) return "-";
  const interval = figure.low === null || figure.high === null ? "" : ` (${percent(figure.low)}-${percent(figure.high)})`;
  return `${percent(figure.value)}${interval}, n ${figure.n}`;
}

const percent = (share: number): string => (100 * share).toFixed(1);

/** Names are a person's: what would end a cell or begin a tag is written as text. */
const escapeText = (text: string): string => text.replaceAll(/[|\\`*_<>[\]]/g, String.raw`\$&`);
