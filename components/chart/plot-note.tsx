"use client";

interface PlotNoteProps {
  /** What is said about a place on the x axis; null = nothing. */
  describe: (place: number) => { title: string; lines: string[] } | null;
  /** Given by the chart. */
  active?: boolean;
  label?: string | number;
}

/** The note beside the pointer or the keyboard's cursor: the same figures that the marks show. */
export function PlotNote({ describe, active = false, label }: PlotNoteProps) {
  const note = active && label !== undefined ? describe(Number(label)) : null;
  if (note === null) return null;
  return (
    <div className="max-w-72 rounded border border-edge-strong bg-panel px-2.5 py-1.5 text-xs shadow">
      <p className="font-semibold">{note.title}</p>
      {note.lines.map((line) => (
        <p key={line} className="text-ink-soft">
          {line}
        </p>
      ))}
    </div>
  );
}
