import { line } from "d3-shape";

import type { Rate } from "../../contract/statistics";
import { tellEstimate } from "../format";
import { drawCycleAxes, drawReferences, shareAxis, size } from "./axes";
import { colors, type Drawing, drawDot, drawPath, round, type Shape } from "./drawing";

/** Below this n a dot would look like knowledge: only the interval is drawn. */
const smallestDot = 10;

export interface RateSeries {
  label: string;
  points: RatePoint[];
}

interface RatePoint {
  cycle: number;
  /** null = no case at all: a gap, never 0. */
  rate: Rate | null;
  /** False: the figure will still move, so it is faint and no line leads to it. */
  judged: boolean;
}

/** A figure of the paper: its share, or its number of winners. */
export interface Reference {
  value: number;
  /** `first`. */
  label: string;
}

/** Rates by cycle with their Wilson intervals. A second series is hollow and stands a little to the right. */
export function drawRates(series: readonly RateSeries[], planned: number, references: readonly Reference[]): Drawing {
  const axes = drawCycleAxes(planned, shareAxis);
  const { x, y } = axes;
  const marks = series.flatMap(({ label, points }, place): Shape[] => {
    const color = place === 0 ? colors.mark : colors.quiet;
    const shift = series.length === 1 ? 0 : Math.min(5, (x(1) - x(0)) / 5) * (place === 0 ? -1 : 1);
    const at = (cycle: number) => x(cycle) + shift;
    const isDot = ({ rate }: RatePoint) => rate !== null && rate.n >= smallestDot;
    const path = line<RatePoint>()
      .defined((point) => point.judged && isDot(point))
      .x(({ cycle }) => round(at(cycle)))
      .y(({ rate }) => round(y(rate?.value ?? 0)));
    const drawn = points.flatMap((point) => {
      if (point.rate === null) return [];
      const title = `cycle ${point.cycle}, ${label}: ${tellEstimate(point.rate)}${point.judged ? "" : ", not complete"}`;
      const [left, low, high] = [at(point.cycle), y(point.rate.low), y(point.rate.high)].map(round);
      const bar = drawPath(`M${left} ${low}V${high}M${(left ?? 0) - 3} ${low}h6M${(left ?? 0) - 3} ${high}h6`, color, { strokeWidth: 1.25, ...(!point.judged && { strokeOpacity: 0.5 }) }, title);
      return point.judged && isDot(point) ? [bar, drawDot(at(point.cycle), y(point.rate.value), color, { hollow: place > 0, title })] : [bar];
    });
    return [drawPath(path(points) ?? "", color), ...drawn];
  });
  return { ...size, shapes: [...axes.shapes, ...drawReferences(axes, references), ...marks].filter(isVisible) };
}

const isVisible = ({ tag, attributes }: Shape) => tag !== "path" || attributes.d !== "";
