/** A picture as data: the page makes elements of it and the file makes text of it, so that both show the same one. */

/** Attributes as React spells them; in a file they are written with dashes. Colours are the tokens of the page's style. */
interface Attributes {
  d?: string;
  cx?: number;
  cy?: number;
  r?: number;
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  fill?: string;
  fillOpacity?: number;
  stroke?: string;
  strokeWidth?: number;
  strokeDasharray?: string;
  strokeOpacity?: number;
  textAnchor?: "start" | "middle" | "end";
  fontSize?: number;
}

export interface Shape {
  tag: "path" | "circle" | "rect" | "text";
  attributes: Attributes;
  /** What a text says. */
  text?: string;
  /** Figures of the mark, shown under a pointer. */
  title?: string;
}

export interface Drawing {
  width: number;
  height: number;
  shapes: Shape[];
}

/** What a mark of the picture stands for. */
export interface LegendEntry {
  look: "filled" | "hollow" | "dashed" | "thin";
  label: string;
}

export const colors = {
  mark: "var(--mark)",
  quiet: "var(--mark-quiet)",
  soft: "var(--ink-soft)",
  faint: "var(--ink-faint)",
  grid: "var(--grid)",
  axis: "var(--edge-strong)",
  warn: "var(--warn)",
  panel: "var(--panel)",
} as const;

/** Half pixels would only lengthen the file. */
export const round = (value: number): number => Math.round(value * 10) / 10;

export function drawPath(d: string, stroke: string, attributes: Attributes = {}, title?: string): Shape {
  return { tag: "path", attributes: { d, fill: "none", stroke, strokeWidth: 1.5, ...attributes }, ...(title !== undefined && { title }) };
}

export function drawDot(x: number, y: number, color: string, { hollow = false, r = 3.5, title }: { hollow?: boolean; r?: number; title?: string } = {}): Shape {
  const attributes = { cx: round(x), cy: round(y), r, fill: hollow ? colors.panel : color, stroke: color, strokeWidth: 1.5 };
  return { tag: "circle", attributes, ...(title !== undefined && { title }) };
}

export function drawText(x: number, y: number, text: string, attributes: Attributes = {}): Shape {
  return { tag: "text", attributes: { x: round(x), y: round(y), fill: colors.faint, fontSize: 12, ...attributes }, text };
}
