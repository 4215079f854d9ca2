import { scaleLinear, type ScaleLinear } from "d3-scale";

import { colors, drawPath, drawText, round, type Shape } from "./drawing";

/** Small, so that its text can still be read on a telephone; wider screens enlarge it. */
export const size = { width: 420, height: 250 } as const;
const margin = { left: 48, right: 18, top: 10, bottom: 36 } as const;

export interface Axes {
  x: ScaleLinear<number, number>;
  y: ScaleLinear<number, number>;
  /** Grid, axis and labels: behind everything else. */
  shapes: Shape[];
}

interface AxesOptions {
  xDomain: [number, number];
  xTicks: readonly number[];
  xTitle: string;
  yDomain: [number, number];
  yTicks?: readonly number[];
  formatX?: (value: number) => string;
  formatY: (value: number) => string;
}

/** Scales and frame of one picture. */
export function drawAxes(options: AxesOptions): Axes {
  const { xDomain, xTicks, xTitle, yDomain, formatX = String, formatY } = options;
  const [left, right] = [margin.left, size.width - margin.right];
  const bottom = size.height - margin.bottom;
  const x = scaleLinear(xDomain, [left, right]);
  const y = scaleLinear(yDomain, [bottom, margin.top]);
  const yTicks = options.yTicks ?? y.ticks(5);
  return {
    x,
    y,
    shapes: [
      ...yTicks.flatMap((tick) => [
        drawPath(`M${left} ${round(y(tick))}H${right}`, colors.grid, { strokeWidth: 1 }),
        drawText(left - 6, y(tick) + 4, formatY(tick), { textAnchor: "end" }),
      ]),
      drawPath(`M${left} ${bottom}H${right}`, colors.axis, { strokeWidth: 1 }),
      ...xTicks.map((tick) => drawText(x(tick), bottom + 14, formatX(tick), { textAnchor: "middle" })),
      drawText((left + right) / 2, size.height - 4, xTitle, { textAnchor: "middle" }),
    ],
  };
}

/** Axes of a picture with one column a cycle; `planned` columns, so that a report of an unfinished run shows what is to come. */
export function drawCycleAxes(planned: number, y: Pick<AxesOptions, "yDomain" | "yTicks" | "formatY">): Axes {
  const step = Math.ceil(planned / 12);
  const xTicks = Array.from({ length: Math.ceil(planned / step) }, (_, tick) => tick * step);
  return drawAxes({ ...y, xDomain: [-0.5, planned - 0.5], xTicks, xTitle: "cycle" });
}

/** Of shares: always the whole range, so that pictures can be compared. */
export const shareAxis = {
  yDomain: [0, 1] as [number, number],
  yTicks: [0, 0.2, 0.4, 0.6, 0.8, 1],
  formatY: (share: number) => `${Math.round(100 * share)} %`,
};

/** A figure of the paper: a dashed line with its word at the right end. */
export function drawReferences({ x, y }: Axes, references: readonly { value: number; label: string }[]): Shape[] {
  const [left, right] = x.range();
  return references.flatMap(({ value, label }) => [
    drawPath(`M${left} ${round(y(value))}H${right}`, colors.warn, { strokeWidth: 1.25, strokeDasharray: "5 3" }),
    drawText((right ?? 0) - 2, y(value) - 3, `paper, ${label}`, { textAnchor: "end", fill: colors.warn, fontSize: 11 }),
  ]);
}
