import { line } from "d3-shape";

import type { CycleFigures } from "../../cycle/views";
import { percent, tellEstimate } from "../format";
import { isJudged } from "../results";
import { type Axes, drawCycleAxes, drawReferences, shareAxis, size } from "./axes";
import { colors, type Drawing, drawDot, drawPath, round, type Shape } from "./drawing";
import type { Reference } from "./rates";

/** A t interval of fewer values says more about t than about the programs. */
const smallestInterval = 5;

/** Accuracy by cycle: quantiles as a box, the mean with its t interval and a line, the accuracy that a winner needed. */
export function drawAccuracy(cycles: readonly CycleFigures[], planned: number, references: readonly Reference[]): Drawing {
  const axes = drawCycleAxes(planned, shareAxis);
  const { x, y } = axes;
  const half = Math.min(12, (x(1) - x(0)) * 0.32);
  const means = line<CycleFigures>()
    .defined((cycle) => cycle.accuracy_mean !== null && isJudged(cycle))
    .x(({ number }) => round(x(number)))
    .y(({ accuracy_mean: mean }) => round(y(mean?.value ?? 0)));
  const shapes = [
    ...axes.shapes,
    ...drawReferences(axes, references),
    ...cycles.flatMap((cycle) => drawBox(axes, cycle, half)),
    drawPath(means(cycles) ?? "", colors.mark),
    ...cycles.flatMap((cycle) => drawMean(axes, cycle)),
  ];
  return { ...size, shapes: shapes.filter(({ attributes }) => attributes.d !== "") };
}

function drawBox({ x, y }: Axes, { number, accuracy_quantiles: box, selection_threshold: threshold }: CycleFigures, half: number): Shape[] {
  const left = round(x(number) - half);
  const wide = round(2 * half);
  const shapes: Shape[] = [];
  if (box !== null) {
    const [p10 = 0, p25 = 0, p50 = 0, p75 = 0, p90 = 0] = [box.p10, box.p25, box.p50, box.p75, box.p90].map((value) => round(y(value)));
    const title = `cycle ${number}: median ${percent(box.p50)}, half of the programs ${percent(box.p25)} to ${percent(box.p75)}, four fifths ${percent(box.p10)} to ${percent(box.p90)}`;
    const whiskers = `M${round(x(number))} ${p75}V${p90}M${round(x(number))} ${p25}V${p10}M${left} ${p50}h${wide}`;
    const attributes = { x: left, y: p75, width: wide, height: Math.max(0.5, round(p25 - p75)), fill: colors.soft, fillOpacity: 0.1, stroke: colors.soft, strokeWidth: 1 };
    shapes.push({ tag: "rect", attributes, title }, drawPath(whiskers, colors.soft, { strokeWidth: 1 }));
  }
  if (threshold !== null) {
    shapes.push(drawPath(`M${left - 2} ${round(y(threshold))}h${wide + 4}`, colors.faint, { strokeDasharray: "3 2" }, `cycle ${number}: a winner needed ${percent(threshold)}`));
  }
  return shapes;
}

function drawMean({ x, y }: Axes, cycle: CycleFigures): Shape[] {
  const { number, accuracy_mean: mean } = cycle;
  if (mean === null) return [];
  const hollow = !isJudged(cycle);
  const title = `cycle ${number}: mean ${tellEstimate(mean)}${hollow ? ", not complete" : ""}`;
  const dot = drawDot(x(number), y(mean.value), colors.mark, { title, hollow });
  if (mean.low === null || mean.high === null || mean.n < smallestInterval) return [dot];
  const bar = `M${round(x(number))} ${round(y(Math.max(0, mean.low)))}V${round(y(Math.min(1, mean.high)))}`;
  return [drawPath(bar, colors.mark, { strokeWidth: 3, strokeOpacity: 0.7 }, title), dot];
}
