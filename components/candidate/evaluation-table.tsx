"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";

import type { CandidateDetail, Evaluation } from "../../server/candidate/views";
import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { formatPercent, formatPoints, formatSeconds, notApplicable } from "../ui/format";
import { Empty } from "../ui/states";
import { TimeAgo } from "../ui/time";
import { compareEvaluations } from "./compare-evaluations";
import { evaluationStateLabels, outcomeLabels } from "./labels";

/** Every evaluation of this program; the first decides its figures. */
export function EvaluationTable({ candidate }: { candidate: CandidateDetail }) {
  const first = candidate.evaluations[0];
  if (first === undefined) {
    return (
      <Empty title="No evaluation yet">
        <p>It is queued when the program's batch is written.</p>
      </Empty>
    );
  }
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Evaluations">
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">Evaluation</th>
            <th scope="col">Recipe</th>
            <th scope="col">Asked by</th>
            <th scope="col" className="number">
              Seed
            </th>
            <th scope="col">Outcome</th>
            <th scope="col" className="number">
              Accuracy
            </th>
            <th scope="col" className="number">
              Difference
            </th>
            <th scope="col" className="number">
              Report split
            </th>
            <th scope="col" className="number">
              Training
            </th>
            <th scope="col" className="number">
              Wall time
            </th>
            <th scope="col">Worker</th>
            <th scope="col">Protection</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {candidate.evaluations.map((evaluation) => {
            const comparison = evaluation === first ? null : compareEvaluations(first, evaluation);
            return (
              <tr key={evaluation.id}>
                <th scope="row" className="font-mono font-normal">
                  {evaluation.id}
                </th>
                <td>{evaluation.recipe}</td>
                <td>{evaluation.requested_by === "loop" ? "the loop" : "a person"}</td>
                <td className="number">{evaluation.seed}</td>
                <td>
                  {evaluation.outcome === null ? evaluationStateLabels[evaluation.state] : outcomeLabels[evaluation.outcome]}
                  {evaluation.state === "ended" || evaluation.requested_by === "loop" ? null : <CancelButton candidate={candidate.id} evaluation={evaluation} />}
                </td>
                <td className="number font-semibold">
                  {formatPercent(evaluation.accuracy)}
                  {evaluation.selection_total === null ? null : <span className="ml-1 text-xs font-normal text-ink-faint">n {evaluation.selection_total}</span>}
                </td>
                <td className="number">
                  {comparison === null ? (
                    notApplicable
                  ) : (
                    <>
                      {formatPoints(comparison.difference.value)}{" "}
                      <span className="text-xs text-ink-soft">{comparison.insideNoise ? "inside noise" : "differs"}</span>
                    </>
                  )}
                </td>
                <td className="number">
                  {formatPercent(evaluation.report_accuracy)}
                  {evaluation.report_total === null ? null : <span className="ml-1 text-xs text-ink-faint">n {evaluation.report_total}</span>}
                </td>
                <td className="number">{formatSeconds(evaluation.train_seconds)}</td>
                <td className="number">{formatSeconds(evaluation.wall_seconds)}</td>
                <td>{evaluation.worker ?? notApplicable}</td>
                <td>{evaluation.protection_level ?? notApplicable}</td>
                <td className="text-ink-soft">
                  <TimeAgo at={evaluation.ended_at ?? evaluation.created_at} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Only what a person asked for can be cancelled on its own. */
function CancelButton({ candidate, evaluation }: { candidate: string; evaluation: Evaluation }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const cancel = useMutation(
    trpc.candidate.cancelEvaluation.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.candidate.get.queryKey({ id: candidate }) }),
    }),
  );
  const isCancelling = cancel.isPending || evaluation.cancel_requested;
  return (
    <>
      <Button look="quiet" className="ml-2" disabled={isCancelling} aria-label={`Cancel ${evaluation.id}`} onClick={() => cancel.mutate({ id: evaluation.id })}>
        {isCancelling ? "Cancelling…" : "Cancel"}
      </Button>
      {cancel.isError ? (
        <span role="alert" className="block text-xs text-bad">
          {cancel.error.message}
        </span>
      ) : null}
    </>
  );
}
