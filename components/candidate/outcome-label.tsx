import { Ban, Check, CircleDashed, CircleX, LoaderCircle, PenLine } from "lucide-react";

import type { CandidateState, Outcome } from "../../server/contract/words";
import { familyOfOutcome } from "../chart/outcome-families";
import { classNames } from "../ui/class-names";
import { candidateStateLabels, outcomeLabels } from "./labels";

const stateIcons = { writing: PenLine, complete: CircleDashed, evaluating: LoaderCircle };

/** Where a program stands: while it is under way its state, then its outcome. */
export function OutcomeLabel({ state, outcome, className }: { state: CandidateState; outcome: Outcome | null; className?: string }) {
  if (outcome === null || state !== "ended") {
    const Icon = state === "ended" ? CircleDashed : stateIcons[state];
    return (
      <span className={classNames("inline-flex items-center gap-1.5 align-middle text-ink-soft", className)}>
        <Icon aria-hidden className={classNames("size-3.5 shrink-0", state === "evaluating" && "pulse")} />
        {candidateStateLabels[state]}
      </span>
    );
  }
  const family = familyOfOutcome[outcome];
  const Icon = family === "ok" ? Check : family === "unrated" ? Ban : CircleX;
  return (
    <span className={classNames("inline-flex items-center gap-1.5 align-middle", className)}>
      <Icon aria-hidden className="size-3.5 shrink-0" style={{ color: `var(--series-${family})` }} />
      {outcomeLabels[outcome]}
    </span>
  );
}
