import { line } from "d3-shape";

import type { CumulativeWinners } from "../views";
import { drawCycleAxes, drawReferences, size } from "./axes";
import { colors, type Drawing, drawDot, drawPath, round } from "./drawing";
import type { Reference } from "./rates";

/** Unique novel winners of all cycles up to each. */
export function drawWinners(winners: readonly CumulativeWinners[], planned: number, references: readonly Reference[]): Drawing {
  const most = Math.max(1, ...winners.map(({ total }) => total), ...references.map(({ value }) => value));
  const axes = drawCycleAxes(planned, { yDomain: [0, most * 1.08], formatY: String });
  const { x, y } = axes;
  const path = line<CumulativeWinners>()
    .x(({ cycle }) => round(x(cycle)))
    .y(({ total }) => round(y(total)));
  const dots = winners.map(({ cycle, total, winners: more }) => drawDot(x(cycle), y(total), colors.mark, { title: `cycle ${cycle}: ${total} in all, ${more} of them new` }));
  const drawn = winners.length === 0 ? [] : [drawPath(path([...winners]) ?? "", colors.mark), ...dots];
  return { ...size, shapes: [...axes.shapes, ...drawReferences(axes, references), ...drawn] };
}
