import type { ComparisonSpan } from "../contract/statistics";
import { describeChange, describeSpan, figureNames } from "../contract/study-words";
import type { StudyConclusion, StudyDifference } from "./views";

/** What the differences say, in words that never claim more than their intervals: a sentence for each arm. */
export function conclude(arms: readonly string[], differences: readonly StudyDifference[], span: ComparisonSpan, last: number): StudyConclusion[] {
  const [reference, ...others] = arms;
  if (reference === undefined || others.length === 0) return [{ arm: null, sentence: "There is one arm only, so there is nothing to compare it with." }];
  const known = differences.filter(({ difference }) => difference !== null);
  if (known.length === 0) return [{ arm: null, sentence: `No seed has finished in both ${reference} and another arm yet.` }];
  const where = describeSpan(span, last);
  return others.map((arm, at) => {
    const rows = known.filter((row) => row.arm === at + 1);
    if (rows.length === 0) return { arm: at + 1, sentence: `${arm} and ${reference} have no seed in common that has finished.` };
    return { arm: at + 1, sentence: `In ${where}, ${describeArm(arm, reference, rows, known.length)}` };
  });
}

function describeArm(arm: string, reference: string, rows: readonly StudyDifference[], comparisons: number): string {
  const differing = rows.filter(({ verdict }) => verdict === "differs");
  const corrected = rows.filter(isCorrectedAway);
  const quiet = rows.filter((row) => row.verdict === "inside_noise" && !isCorrectedAway(row));
  const few = rows.filter(({ verdict }) => verdict === "too_few");
  const seeds = `over ${rows[0]?.seeds === 1 ? "1 seed" : `${rows[0]?.seeds} seeds`}`;
  const parts =
    differing.length > 0
      ? [`${arm} differs from ${reference} in ${list(differing.map(toChange))}, ${seeds}`, ...(quiet.length > 0 ? [`inside noise: ${list(quiet.map(toName))}`] : [])]
      : quiet.length === rows.length
        ? [`${arm} is inside noise in every figure, ${seeds}`]
        : [`${arm} differs from ${reference} in nothing that is more than noise, ${seeds}`];
  if (few.length === rows.length) return `${arm} has too few programs to say anything.`;
  if (few.length > 0) parts.push(`too few programs to say: ${list(few.map(toName))}`);
  if (corrected.length > 0) parts.push(`alone, ${list(corrected.map(toChange))} would differ, but among ${comparisons} comparisons that may be chance`);
  return `${parts.join("; ")}.`;
}

/** Its own interval excludes 0, but not so clearly as one of many comparisons has to. */
const isCorrectedAway = ({ verdict, difference }: StudyDifference): boolean =>
  verdict === "inside_noise" && difference !== null && (difference.low > 0 || difference.high < 0);

const toName = ({ figure }: StudyDifference): string => figureNames[figure];

const toChange = ({ figure, difference }: StudyDifference): string =>
  difference === null ? figureNames[figure] : `${figureNames[figure]} (${describeChange(figure, difference.value)})`;

/** `a`, `a and b`, `a, b and c`. */
function list(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}
