import { ReferenceLine } from "recharts";

import { asPrinted, paper } from "../../server/contract/paper";
import type { PaperReference } from "./paper-references";

/** Dashed lines, each with its word at the right end. Called, not rendered: Recharts looks for its own elements. */
export const drawPaperLines = (references: readonly PaperReference[]) =>
  references.map(({ label, value }) => (
    <ReferenceLine
      key={label}
      y={value}
      stroke="var(--warn)"
      strokeDasharray="5 3"
      strokeWidth={1.25}
      label={{ value: `paper, ${label}`, position: "insideBottomRight", fontSize: 10, fill: "var(--warn)" }}
    />
  ));

/** The figures themselves, for who does not read them off the lines. */
export function PaperLegend({ references }: { references: readonly PaperReference[] }) {
  if (references.length === 0) return null;
  return (
    <span className="text-warn">
      ╌ {paper.name}: {references.map(({ label, value }) => `${label} ${asPrinted(value)}`).join(", ")}
    </span>
  );
}
