import type { ComparedFigure, ComparisonSpan, Verdict } from "./statistics";
import { reportThreshold } from "./words";

/** How figures are called in sentences, tables and exports; percentages and points but for the winners. */
export const figureNames: Record<ComparedFigure, string> = {
  valid_rate: "valid rate",
  accuracy_mean: "mean accuracy",
  share_above_threshold: `share above ${Math.round(100 * reportThreshold)} %`,
  novelty_rate: "novelty",
  winners: "winners per run",
};

export const verdictWords: Record<Verdict, string> = {
  differs: "differs",
  inside_noise: "inside noise",
  too_few: "too few to say",
};

export function describeSpan(span: ComparisonSpan, last: number): string {
  if (span === "last_cycle") return `cycle ${last}`;
  return last === 1 ? "cycle 1" : `cycles 1 to ${last}`;
}

/** A difference as it is said: winners are counts, everything else points of a percentage. */
export function describeChange(figure: ComparedFigure, difference: number): string {
  const sign = difference < 0 ? "−" : "+";
  return figure === "winners" ? `${sign}${Math.abs(difference).toFixed(1)}` : `${sign}${Math.abs(100 * difference).toFixed(1)} points`;
}
