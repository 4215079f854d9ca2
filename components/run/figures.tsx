import type { Mean, Rate } from "../../server/contract/statistics";
import { formatInterval, formatPercent, notApplicable } from "../ui/format";

/** A rate with its interval and n; a dash when there is no case. */
export function RateFigure({ rate }: { rate: Rate | null }) {
  if (rate === null) return <>{notApplicable}</>;
  return (
    <span title={`95 % Wilson interval ${formatInterval(rate.low, rate.high)}, ${rate.count} of ${rate.n}`}>
      {formatPercent(rate.value)}{" "}
      <span className="text-xs whitespace-nowrap text-ink-faint md:block">
        {formatInterval(rate.low, rate.high)} · n {rate.n}
      </span>
    </span>
  );
}

/** First cycle's mean accuracy and the last one's, each with its n. */
export function AccuracyChange({ first, last }: { first: Mean | null; last: Mean | null }) {
  if (first === null && last === null) return <>{notApplicable}</>;
  const same = first !== null && last !== null && first.value === last.value && first.n === last.n;
  return (
    <span title={[first, last].map(describeMean).join(" → ")}>
      {formatPercent(first?.value)}
      {same ? null : (
        <>
          {" → "}
          <strong className="font-semibold">{formatPercent(last?.value)}</strong>
        </>
      )}{" "}
      <span className="text-xs whitespace-nowrap text-ink-faint md:block">n {same ? first.n : `${first?.n ?? 0}, ${last?.n ?? 0}`}</span>
    </span>
  );
}

function describeMean(mean: Mean | null): string {
  if (mean === null) return "no valid program";
  const interval = mean.low === null || mean.high === null ? "" : `, 95 % t interval ${formatInterval(mean.low, mean.high)}`;
  return `${formatPercent(mean.value)}${interval}, n = ${mean.n}`;
}
