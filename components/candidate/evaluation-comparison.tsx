import type { CandidateDetail, Evaluation } from "../../server/candidate/views";
import { formatInterval, formatPercent, formatSeconds, notApplicable } from "../ui/format";
import { accuracyRate, compareEvaluations } from "./compare-evaluations";
import { evaluationStateLabels, outcomeLabels } from "./labels";

/** The original and the newest re-run under its recipe side by side, and what their difference means. */
export function EvaluationComparison({ candidate }: { candidate: CandidateDetail }) {
  const first = candidate.evaluations[0];
  const last = candidate.evaluations.findLast((evaluation) => evaluation.recipe === first?.recipe);
  if (first === undefined || last === undefined || first === last) return null;
  const comparison = compareEvaluations(first, last);
  return (
    <section aria-label="Re-run" className="grid overflow-hidden rounded border border-edge bg-panel sm:grid-cols-[1fr_1fr_1.4fr]">
      <Side title="Original" evaluation={first} />
      <Side title={`Re-run, seed ${last.seed}`} evaluation={last} />
      <p aria-live="polite" className="bg-sunken px-4 py-3 max-sm:border-t sm:border-l border-edge">
        <span className="block text-xs text-ink-soft">Difference</span>
        <span className="font-medium">
          {comparison !== null
            ? comparison.sentence
            : last.state === "ended"
              ? first.outcome === last.outcome
                ? `Ended the same way: ${outcomeLabels[last.outcome ?? "ok"]}.`
                : `Ended differently: ${outcomeLabels[first.outcome ?? "ok"]}, then ${outcomeLabels[last.outcome ?? "ok"]}.`
              : last.state === "running"
                ? "Running now; the result appears here."
                : "Waiting for a free slot, before all queued work."}
        </span>
      </p>
    </section>
  );
}

function Side({ title, evaluation }: { title: string; evaluation: Evaluation }) {
  const rate = accuracyRate(evaluation.accuracy, evaluation.selection_total);
  return (
    <div className="border-edge px-4 py-3 max-sm:border-b sm:border-r last:border-0">
      <p className="text-xs text-ink-soft">
        {title} <span className="font-mono">{evaluation.id}</span>
      </p>
      <p className="text-lg leading-6 font-semibold">
        {rate === null ? (
          <span className={evaluation.state === "running" ? "pulse" : undefined}>
            {evaluation.state === "ended" ? (evaluation.outcome === null ? notApplicable : outcomeLabels[evaluation.outcome]) : evaluationStateLabels[evaluation.state]}
          </span>
        ) : (
          formatPercent(rate.value)
        )}
      </p>
      <p className="min-h-4 text-xs text-ink-faint">
        {rate === null ? "" : `n ${rate.n}, noise ${formatInterval(rate.low, rate.high)}, ${formatSeconds(evaluation.train_seconds)}`}
      </p>
    </div>
  );
}
