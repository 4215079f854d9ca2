import type { StudyDifference } from "../../server/study/views";

const width = 120;
const height = 18;

/** A difference with its interval on an axis through 0, the same for all figures of one unit. The figures stand beside it. */
export function DifferenceBar({ row, all }: { row: StudyDifference; all: readonly StudyDifference[] }) {
  const { difference } = row;
  if (difference === null) return null;
  const alike = all.filter(({ figure }) => (figure === "winners") === (row.figure === "winners"));
  const reach = Math.max(...alike.flatMap((one) => (one.difference === null ? [0] : [Math.abs(one.difference.low), Math.abs(one.difference.high)])));
  const x = (value: number): number => (reach === 0 ? width / 2 : (width / 2) * (1 + (0.95 * value) / reach));
  const color = row.verdict === "differs" ? "var(--mark)" : "var(--mark-quiet)";
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden className="block">
      <path d={`M${width / 2} 0V${height}`} stroke="var(--edge-strong)" strokeDasharray="2 2" />
      <path d={`M${x(difference.low)} ${height / 2}H${x(difference.high)}`} stroke={color} strokeWidth={2} />
      <circle cx={x(difference.value)} cy={height / 2} r={3.5} fill={color} />
    </svg>
  );
}
