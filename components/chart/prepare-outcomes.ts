import { type Outcome, outcomes } from "../../server/contract/words";
import type { CycleFigures } from "../../server/cycle/views";
import { outcomeLabels } from "../candidate/labels";
import { formatPercent } from "../ui/format";
import type { ChartText } from "./model";
import { familyLabels, familyOfOutcome, type OutcomeFamily, outcomeFamilies } from "./outcome-families";

export interface OutcomeSegment {
  family: OutcomeFamily;
  label: string;
  count: number;
  /** Counts below this segment in the stack. */
  start: number;
  outcomes: { outcome: Outcome; count: number }[];
}

export interface OutcomeColumn {
  cycle: number;
  segments: OutcomeSegment[];
  pending: number;
  total: number;
}

export interface OutcomeModel extends ChartText {
  columns: OutcomeColumn[];
  /** Families that occur at all, in stack order. */
  families: OutcomeFamily[];
  /** Top of the count axis: the largest cycle as planned, so that a filling cycle never rescales it. */
  most: number;
}

export function prepareOutcomes(cycles: CycleFigures[]): OutcomeModel {
  const columns = cycles.map(toColumn);
  const families = outcomeFamilies.filter((family) =>
    columns.some((column) => column.segments.some((segment) => segment.family === family)),
  );
  return {
    columns,
    families,
    most: Math.max(1, ...cycles.map((cycle) => Math.max(cycle.planned, cycle.generated))),
    ...tell(cycles),
    table: {
      columns: ["Cycle", ...outcomes.map((outcome) => outcomeLabels[outcome]), "pending", "all"],
      rows: cycles.map((cycle) => [
        String(cycle.number),
        ...outcomes.map((outcome) => String(cycle.outcomes[outcome])),
        String(cycle.pending),
        String(cycle.generated),
      ]),
    },
  };
}

function toColumn(cycle: CycleFigures): OutcomeColumn {
  let start = 0;
  const segments: OutcomeSegment[] = [];
  for (const family of outcomeFamilies) {
    const parts = outcomes
      .filter((outcome) => familyOfOutcome[outcome] === family && cycle.outcomes[outcome] > 0)
      .map((outcome) => ({ outcome, count: cycle.outcomes[outcome] }));
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    if (count === 0) continue;
    segments.push({ family, label: familyLabels[family], count, start, outcomes: parts });
    start += count;
  }
  return { cycle: cycle.number, segments, pending: cycle.pending, total: cycle.generated };
}

function tell(cycles: CycleFigures[]): Pick<ChartText, "title" | "summary"> {
  const totals = new Map<Outcome, number>();
  let rated = 0;
  let valid = 0;
  for (const cycle of cycles) {
    rated += cycle.rated;
    valid += cycle.valid;
    for (const outcome of outcomes) totals.set(outcome, (totals.get(outcome) ?? 0) + cycle.outcomes[outcome]);
  }
  if (rated === 0) return { title: "Outcomes: no program judged yet", summary: "Every judged program gets exactly one outcome." };
  const failures = outcomes
    .filter((outcome) => outcome !== "ok" && familyOfOutcome[outcome] !== "unrated")
    .map((outcome) => ({ outcome, count: totals.get(outcome) ?? 0 }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count);
  const most = failures[0];
  return {
    title:
      most === undefined
        ? `All ${rated} judged programs are valid`
        : `Most frequent failure: ${outcomeLabels[most.outcome]}, ${most.count} of ${rated} judged`,
    summary: `${valid} of ${rated} judged programs are valid (${formatPercent(valid / rated)})${
      failures.length === 0 ? "" : `; ${failures.map(({ outcome, count }) => `${count} ${outcomeLabels[outcome]}`).join(", ")}`
    }. All cycles together.`,
  };
}
