"use client";

import { type ReactNode, useId, useState } from "react";

import { classNames } from "../ui/class-names";
import type { ChartText } from "./model";

/** Title, legend, marks and sentence share the rows of the grid around: the plots of one row stand at one height. */
export const frameClass = "row-span-4 grid min-w-0 grid-rows-subgrid gap-0 rounded border border-edge bg-panel p-4";

interface ChartFrameProps {
  text: ChartText;
  /** Legend or other small print between title and marks. */
  legend?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** Title with the finding, the marks or the same data as a table, and one sentence with numbers and n. */
export function ChartFrame({ text, legend, children, className }: ChartFrameProps) {
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <figure className={classNames(frameClass, className)} aria-labelledby={id}>
      <div className="flex items-start justify-between gap-3">
        <figcaption id={id} className="font-semibold text-balance">
          {text.title}
        </figcaption>
        <button
          type="button"
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
          className="min-h-6 shrink-0 text-xs text-accent underline decoration-transparent underline-offset-2 hover:decoration-current"
        >
          {asTable ? "Show as chart" : "Show as table"}
        </button>
      </div>
      <div className="mt-1 flex min-h-4 flex-wrap content-start gap-x-3 text-xs text-ink-soft">{asTable ? null : legend}</div>
      <div className="mt-1 h-52">{asTable ? <DataTable text={text} /> : children}</div>
      <p className="mt-2 text-xs text-ink-soft">{text.summary}</p>
    </figure>
  );
}

function DataTable({ text }: { text: ChartText }) {
  return (
    <div className="h-full overflow-auto border border-edge" tabIndex={0} role="region" aria-label={`${text.title}, as a table`}>
      <table className="figures text-xs">
        <thead className="sticky top-0 bg-panel">
          <tr>
            {text.table.columns.map((column, place) => (
              <th key={place} scope="col" className={place === 0 ? "" : "number"}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {text.table.rows.map((row, position) => (
            <tr key={position}>
              {row.map((cell, place) => (
                <td key={place} className={place === 0 ? "" : "number"}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A legend entry: the mark as it is drawn, and its word. */
export function LegendEntry({ color, hollow = false, children }: { color: string; hollow?: boolean; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1">
      <span
        aria-hidden
        className="inline-block size-2.5 rounded-full border-2"
        style={{ borderColor: color, background: hollow ? "transparent" : color }}
      />
      {children}
    </span>
  );
}
