import type { StudySummary } from "../../server/study/views";
import { formatRange } from "../run/prepare-stages";
import { formatCount } from "../ui/format";

/** How much of a study is done, and how long the rest will take. */
export function StudyProgress({ study }: { study: StudySummary }) {
  const { programs_judged: judged, programs_planned: planned, runs, states, eta } = study;
  const share = planned === 0 ? 0 : judged / planned;
  return (
    <span className="block">
      <span className="block h-2 bg-sunken" role="img" aria-label={`${formatCount(judged)} of ${formatCount(planned)} programs judged`}>
        <span className="block h-full bg-mark" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="mt-0.5 flex flex-wrap justify-between gap-x-3 text-xs text-ink-soft">
        <span>
          {states.finished ?? 0} of {runs} runs finished, {formatCount(judged)} of {formatCount(planned)} programs
        </span>
        <span title={eta?.basis}>{eta === null ? "" : `${formatRange(eta)} left`}</span>
      </span>
    </span>
  );
}
