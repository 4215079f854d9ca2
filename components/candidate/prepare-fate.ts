import type { CandidateDetail } from "../../server/candidate/views";
import { formatCount, formatJaccard, formatPercent } from "../ui/format";
import { outcomeLabels, refusalLabels, selectionLabels } from "./labels";

export type FateState = "yes" | "no" | "pending" | "skipped";

export interface FateStep {
  label: string;
  state: FateState;
  /** A "no" here is a failure of the program, not a decision about it. */
  fault: boolean;
  /** The figure behind it, or why not. */
  note: string;
}

/** The way of one program through the loop, in order; what comes after a failure was never asked. */
export function prepareFate(candidate: CandidateDetail): FateStep[] {
  const ended = candidate.state === "ended";
  const written = candidate.state !== "writing" && candidate.code !== null;
  const asked = (answer: boolean | null, before: FateState): FateState =>
    answer === true ? "yes" : answer === false ? "no" : before === "yes" && !ended ? "pending" : "skipped";

  const writing: FateState = written ? "yes" : candidate.state === "writing" ? "pending" : "skipped";
  const parsed = asked(candidate.parsed, writing);
  const built = parsed === "no" ? "skipped" : asked(candidate.built, parsed);
  const valid: FateState = ended
    ? candidate.outcome === "ok"
      ? "yes"
      : parsed === "yes" && built === "yes"
        ? "no"
        : "skipped"
    : built === "yes" || candidate.state === "evaluating"
      ? "pending"
      : "skipped";
  const runGoesOn = !["finished", "failed", "cancelled"].includes(candidate.run_state);
  const novel: FateState =
    candidate.novel === true ? "yes" : candidate.novel === false ? "no" : valid === "yes" && runGoesOn ? "pending" : "skipped";
  const selected: FateState =
    candidate.selection_reason !== null ? "yes" : valid !== "yes" ? "skipped" : candidate.selection_threshold === null && runGoesOn ? "pending" : "no";
  const failure = candidate.outcome === null || candidate.outcome === "ok" ? "" : outcomeLabels[candidate.outcome];
  const noteOfFailure = (state: FateState): string => (state === "no" ? failure : "");

  return [
    {
      label: "Written",
      state: writing,
      fault: true,
      note: written
        ? `${candidate.tokens === null ? "" : `${formatCount(candidate.tokens)} tokens`}${candidate.finished === false ? ", cut off" : ""}`
        : "",
    },
    { label: "Parsed", state: parsed, fault: true, note: noteOfFailure(parsed) },
    { label: "Built", state: built, fault: true, note: noteOfFailure(built) },
    { label: "Valid", state: valid, fault: true, note: candidate.accuracy === null ? noteOfFailure(valid) : formatPercent(candidate.accuracy) },
    { label: "Novel", state: novel, fault: false, note: toNoveltyNote(candidate) },
    {
      label: "Selected",
      state: selected,
      fault: false,
      note: candidate.selection_reason === null ? (selected === "no" ? whyNotSelected(candidate) : "") : selectionLabels[candidate.selection_reason],
    },
  ];
}

function toNoveltyNote({ refused_by: refused, jaccard }: CandidateDetail): string {
  const similarity = jaccard === null ? "" : `Jaccard ${formatJaccard(jaccard)}`;
  return refused === null || refused === "text" ? similarity : [refusalLabels[refused], similarity].filter((part) => part !== "").join(", ");
}

function whyNotSelected({ refused_by: refused, accuracy, selection_threshold: threshold }: CandidateDetail): string {
  if (refused !== null) return refusalLabels[refused];
  if (accuracy !== null && threshold !== null && accuracy < threshold) return `needed ${formatPercent(threshold)}`;
  return "";
}
