import type { Drawing, Shape } from "../../server/report/charts/drawing";

/** A picture of the report, with the elements that its file has. */
export function ReportDrawing({ drawing, label }: { drawing: Drawing; label: string }) {
  return (
    <svg viewBox={`0 0 ${drawing.width} ${drawing.height}`} role="img" aria-label={label} className="h-full w-full">
      {drawing.shapes.map((shape, place) => (
        <Mark key={place} shape={shape} />
      ))}
    </svg>
  );
}

function Mark({ shape: { tag: Tag, attributes, text, title } }: { shape: Shape }) {
  return (
    <Tag {...attributes}>
      {title === undefined ? null : <title>{title}</title>}
      {text}
    </Tag>
  );
}
