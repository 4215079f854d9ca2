import type { TransferredCandidate } from "../../transfer/views";
import { percent } from "../format";
import { drawAxes, shareAxis, size } from "./axes";
import { colors, type Drawing, drawDot, drawPath, round } from "./drawing";

/** Report accuracy of each winner under its own recipe and under another; on the dashed line it has not changed. */
export function drawTransfer(candidates: readonly TransferredCandidate[], own: string): Drawing {
  const axes = drawAxes({ ...shareAxis, xDomain: [0, 1], xTicks: shareAxis.yTicks, formatX: shareAxis.formatY, xTitle: `report accuracy under ${own}` });
  const { x, y } = axes;
  const identity = drawPath(`M${round(x(0))} ${round(y(0))}L${round(x(1))} ${round(y(1))}`, colors.axis, { strokeWidth: 1, strokeDasharray: "4 3" });
  const dots = candidates.flatMap(({ id, report_accuracy: before, transferred_report_accuracy: after }) =>
    before === null || after === null ? [] : [drawDot(x(before), y(after), colors.mark, { r: 3, title: `${id}: ${percent(before)}, then ${percent(after)}` })],
  );
  return { ...size, shapes: [...axes.shapes, identity, ...dots] };
}
