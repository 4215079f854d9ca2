import { line } from "d3-shape";

import { average } from "../../contract/statistics";
import { drawAxes, size } from "./axes";
import { colors, type Drawing, drawPath, drawText, round, type Shape } from "./drawing";

/** More points than the picture has room for would only lengthen the file. */
const mostPoints = 150;

export interface LossLine {
  /** The fine-tuning follows this cycle. */
  cycle: number;
  points: { step: number; loss: number }[];
}

/** Training loss by optimiser step, one line a fine-tuning: the first thin and dashed, the last strong, those between thin. */
export function drawLosses(lines: readonly LossLine[]): Drawing {
  const finite = lines.flatMap(({ points }) => points.filter(({ loss }) => Number.isFinite(loss)));
  const lastStep = Math.max(1, ...lines.map(({ points }) => points.at(-1)?.step ?? 0));
  const highest = finite.reduce((most, { loss }) => Math.max(most, loss), 0);
  const axes = drawAxes({
    xDomain: [0, lastStep],
    xTicks: toSteps(lastStep),
    xTitle: "optimiser step",
    yDomain: [0, highest === 0 ? 1 : highest * 1.05],
    formatY: (loss) => loss.toFixed(highest < 0.5 ? 2 : 1),
  });
  const { x, y } = axes;
  const path = line<LossLine["points"][number]>()
    .defined(({ loss }) => Number.isFinite(loss))
    .x(({ step }) => round(x(step)))
    .y(({ loss }) => round(y(loss)));
  const drawn = lines.flatMap(({ cycle, points }, place): Shape[] => {
    const isLast = place === lines.length - 1;
    const d = path(thinOut(points)) ?? "";
    if (d === "") return [];
    const look = isLast ? {} : { strokeWidth: 1, strokeOpacity: 0.65, ...(place === 0 && { strokeDasharray: "4 2" }) };
    return [drawPath(d, isLast ? colors.mark : colors.quiet, look, `after cycle ${cycle}`)];
  });
  const empty = finite.length === 0 ? [drawText(size.width / 2, size.height / 2, "no step yet", { textAnchor: "middle" })] : [];
  return { ...size, shapes: [...axes.shapes, ...drawn, ...empty] };
}

/** How many neighbouring steps one drawn point is the mean of; 1 = every step is drawn. */
export const findBinSize = (lines: readonly LossLine[]): number => Math.max(1, ...lines.map(({ points }) => toBinSize(points)));
const toBinSize = (points: LossLine["points"]) => Math.ceil(points.length / mostPoints);

function thinOut(points: LossLine["points"]): LossLine["points"] {
  const bin = toBinSize(points);
  if (bin <= 1) return points;
  return Array.from({ length: Math.ceil(points.length / bin) }, (_, at) => {
    const part = points.slice(at * bin, (at + 1) * bin);
    return { step: average(part.map(({ step }) => step)), loss: average(part.map(({ loss }) => loss)) };
  });
}

function toSteps(last: number): number[] {
  const step = Math.max(1, Math.ceil(last / 5));
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, tick) => tick * step);
}
