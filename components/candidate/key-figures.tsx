import type { ReactNode } from "react";

import type { CandidateDetail } from "../../server/candidate/views";
import { formatBytes, formatCount, formatInterval, formatJaccard, formatPercent, formatSeconds, notApplicable } from "../ui/format";
import { accuracyRate } from "./compare-evaluations";

/** The figures of the first evaluation, each with its n and the noise that n leaves. */
export function KeyFigures({ candidate }: { candidate: CandidateDetail }) {
  const first = candidate.evaluations[0];
  const failed = candidate.state === "ended" && candidate.outcome !== "ok";
  const splitFigure = (accuracy: number | null, total: number | null) => {
    const rate = accuracyRate(accuracy, total);
    if (rate === null) return { value: failed ? "n/a: failed" : notApplicable, note: "" };
    return { value: formatPercent(rate.value), note: `n ${rate.n}, noise ${formatInterval(rate.low, rate.high)}` };
  };
  const selection = splitFigure(candidate.accuracy, first?.selection_total ?? null);
  const report = splitFigure(candidate.report_accuracy, first?.report_total ?? null);
  const { repeatability, neighbour, twin } = candidate;
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3 rounded border border-edge bg-panel px-4 py-3 sm:grid-cols-3 xl:grid-cols-9">
      <Figure label="Accuracy" value={selection.value} note={selection.note} strong />
      <Figure label="Report split" value={report.value} note={report.note} />
      <Figure
        label="Repeatability"
        value={repeatability === null ? "unknown" : `sd ${(repeatability.sd * 100).toFixed(1)} points`}
        note={repeatability === null ? "needs two ok evaluations" : `n ${repeatability.n}, mean ${formatPercent(repeatability.mean)}`}
      />
      <Figure
        label="Nearest Jaccard"
        value={formatJaccard(candidate.jaccard)}
        note={neighbour === null ? "" : `${neighbour.id}${neighbour.minhash_estimate === null ? "" : `, MinHash ${formatJaccard(neighbour.minhash_estimate)}`}`}
      />
      <Figure
        label="Structure"
        value={twin !== null ? "known" : candidate.novel === null ? notApplicable : "not seen before"}
        note={twin === null ? "" : `that of ${twin.id}`}
      />
      <Figure label="Parameters" value={candidate.parameters === null ? notApplicable : formatCount(candidate.parameters)} note="" />
      <Figure label="Multiply-adds" value={first?.multiply_adds === null || first === undefined ? notApplicable : formatCount(first.multiply_adds)} note={first?.multiply_adds === null || first === undefined ? "" : "one image"} />
      <Figure
        label="Training"
        value={formatSeconds(candidate.train_seconds)}
        note={first?.batches_delivered === null || first === undefined ? "" : `${first.batches_delivered} batches, CPU ${formatSeconds(first.train_cpu_seconds)}`}
      />
      <Figure label="Peak memory" value={formatBytes(first?.peak_memory_bytes)} note="" />
    </dl>
  );
}

function Figure({ label, value, note, strong = false }: { label: string; value: ReactNode; note: string; strong?: boolean }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-soft">{label}</dt>
      <dd className={strong ? "text-lg leading-6 font-semibold" : "leading-6 font-medium"}>{value}</dd>
      <dd className="min-h-4 text-xs text-ink-faint">{note}</dd>
    </div>
  );
}
