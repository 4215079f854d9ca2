import type { CycleFigures } from "../cycle/views";
import type { RunSummary } from "../run/views";
import type { ReportCost } from "./views";

/** What a run has used so far, and what each valid program and each winner took of it. */
export function toCost({ seconds, counts, winners }: RunSummary, cycles: readonly CycleFigures[]): ReportCost {
  const total = (pick: (cycle: CycleFigures) => number | null) => cycles.reduce((sum, cycle) => sum + (pick(cycle) ?? 0), 0);
  const stages = {
    generate_seconds: total((cycle) => cycle.seconds.generate),
    evaluate_seconds: total((cycle) => cycle.seconds.evaluate),
    select_seconds: total((cycle) => cycle.seconds.select),
    finetune_seconds: total((cycle) => cycle.seconds.finetune),
  };
  const work = Object.values(stages).reduce((sum, one) => sum + one, 0);
  const written = total((cycle) => cycle.tokens);
  return {
    wall_seconds: seconds,
    ...stages,
    work_seconds: work,
    tokens_written: written,
    tokens_trained: total((cycle) => cycle.fine_tuning?.tokens ?? null),
    seconds_per_valid: toShare(work, counts.valid),
    seconds_per_winner: toShare(work, winners),
    tokens_per_valid: toShare(written, counts.valid),
    tokens_per_winner: toShare(written, winners),
  };
}

const toShare = (whole: number, count: number): number | null => (count === 0 ? null : whole / count);
