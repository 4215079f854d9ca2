import type { Counts } from "../../server/cycle/views";
import { formatCount, formatPercent, notApplicable } from "../ui/format";
import type { ChartText } from "./model";

export const funnelKeys = ["generated", "parsed", "built", "valid", "novel", "selected"] as const;
export type FunnelKey = (typeof funnelKeys)[number];

export interface FunnelStep {
  key: FunnelKey;
  letter: string;
  label: string;
  explanation: string;
  /** null = not decided before the cycle's programs have all ended. */
  count: number | null;
  /** Share of the step before; null for the first step and after an empty one. */
  ofPrevious: number | null;
  /** Share of everything generated; null when nothing is. */
  ofGenerated: number | null;
}

export interface FunnelModel extends ChartText {
  steps: FunnelStep[];
  /** Not judged yet: part of the first bar, drawn hatched. */
  pending: number;
  /** Never judged: cancelled or lost with a worker. */
  unrated: number;
}

const words: Record<FunnelKey, { letter: string; label: string; explanation: string }> = {
  generated: { letter: "G", label: "Generated", explanation: "every program, garbage included" },
  parsed: { letter: "P", label: "Parsed", explanation: "is Python" },
  built: { letter: "B", label: "Built", explanation: "constructs, and maps a batch to class scores" },
  valid: { letter: "V", label: "Valid", explanation: "its epoch ended with a finite accuracy" },
  novel: { letter: "N", label: "Novel", explanation: "valid, and unlike every earlier program" },
  selected: { letter: "S", label: "Selected", explanation: "winners and fallback: what the adapter is trained on" },
};

/** `selectionEnded`: novelty and selection are decided together, at the end of a cycle; before, their 0 means nothing. */
export function prepareFunnel(counts: Counts, selectionEnded: boolean): FunnelModel {
  const unrated = counts.cancelled + counts.worker_lost;
  const steps = funnelKeys.map((key, position): FunnelStep => {
    const count = selectionEnded || (key !== "novel" && key !== "selected") ? counts[key] : null;
    const before = funnelKeys[position - 1];
    return {
      key,
      ...words[key],
      count,
      ofPrevious: count === null || before === undefined || counts[before] === 0 ? null : count / counts[before],
      ofGenerated: count === null || counts.generated === 0 ? null : count / counts.generated,
    };
  });
  const title =
    counts.rated === 0
      ? "No program has been judged yet"
      : `${formatCount(counts.valid)} of ${formatCount(counts.rated)} judged programs are valid${
          selectionEnded ? `, ${formatCount(counts.winners)} ${counts.winners === 1 ? "wins" : "win"}` : ""
        }`;
  const left = [
    counts.pending > 0 ? `${formatCount(counts.pending)} pending` : null,
    counts.cancelled > 0 ? `${formatCount(counts.cancelled)} cancelled` : null,
    counts.worker_lost > 0 ? `${formatCount(counts.worker_lost)} lost with a worker` : null,
  ].filter((part) => part !== null);
  return {
    steps,
    pending: counts.pending,
    unrated,
    title,
    summary: `Of ${formatCount(counts.generated)} generated${left.length === 0 ? "" : ` (${left.join(", ")})`}: ${steps
      .slice(1)
      .flatMap((step) => (step.count === null ? [] : [`${formatCount(step.count)} ${step.label.toLowerCase()}`]))
      .join(", ")}. ${
      selectionEnded
        ? `Selected = ${formatCount(counts.winners)} winners + ${formatCount(counts.fallback)} fallback.`
        : "Novelty and selection are decided when all have ended."
    }`,
    table: {
      columns: ["Step", "Count", "% of previous", "% of G"],
      rows: steps.map((step) => [
        step.label,
        step.count === null ? notApplicable : formatCount(step.count),
        step.ofPrevious === null ? notApplicable : formatPercent(step.ofPrevious),
        formatPercent(step.ofGenerated),
      ]),
    },
  };
}
