import type { ComparisonSpan } from "../contract/statistics";
import type { StudyDifference } from "./views";
import { describeChange, describeSpan, figureNames } from "../contract/study-words";

/** What the differences say, in words that never claim more than their intervals: a sentence for each arm. */
export function conclude(arms: readonly string[], differences: readonly StudyDifference[], span: ComparisonSpan, last: number): string {
  const [reference, ...others] = arms;
  if (reference === undefined || others.length === 0) return "There is one arm only, so there is nothing to compare it with.";
  const known = differences.filter(({ difference }) => difference !== null);
  if (known.length === 0) return `No seed has finished in both ${reference} and another arm yet.`;
  const sentences = others.flatMap((arm, at) => describeArm(arm, known.filter((row) => row.arm === at + 1)));
  return `Against ${reference} in ${describeSpan(span, last)}: ${sentences.join("; ")}.`;
}

function describeArm(arm: string, rows: readonly StudyDifference[]): string[] {
  const [first] = rows;
  if (first === undefined) return [`${arm} has no seed in common that has finished`];
  const differing = rows.filter(({ verdict }) => verdict === "differs");
  const quiet = rows.filter(({ verdict }) => verdict === "inside_noise");
  const few = rows.filter(({ verdict }) => verdict === "too_few");
  const parts = [
    ...(differing.length === 0 ? [] : [`differs in ${list(differing.map(toChange))}`]),
    ...(quiet.length === 0 ? [] : [`is inside noise in ${quiet.length === rows.length ? "every figure" : list(quiet.map(toName))}`]),
    ...(few.length === 0 ? [] : [`has too few programs to say anything of ${few.length === rows.length ? "any figure" : list(few.map(toName))}`]),
  ];
  return [`${arm} ${list(parts)} (${first.seeds === 1 ? "1 seed" : `${first.seeds} seeds`})`];
}

const toName = ({ figure }: StudyDifference): string => figureNames[figure];

const toChange = ({ figure, difference }: StudyDifference): string =>
  difference === null ? figureNames[figure] : `${figureNames[figure]} (${describeChange(figure, difference.value)})`;

/** `a`, `a and b`, `a, b and c`. */
function list(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}
