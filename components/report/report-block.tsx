import type { LegendEntry as Entry } from "../../server/report/charts/drawing";
import type { ReportBlock, ReportTable } from "../../server/report/page";
import { ChartFrame, LegendEntry } from "../chart/chart-frame";
import { classNames } from "../ui/class-names";
import { ReportDrawing } from "./report-drawing";

/** One block of a report, in the dress of the screens. */
export function ReportBlockView({ block }: { block: ReportBlock }) {
  switch (block.kind) {
    case "text":
      return <p className="max-w-prose">{block.text}</p>;
    case "list":
      return (
        <ul className="grid max-w-prose list-disc gap-1 pl-5">
          {block.items.map((item, place) => (
            <li key={place}>{item}</li>
          ))}
        </ul>
      );
    case "facts":
      return (
        <dl className="rounded border border-edge bg-panel">
          {block.facts.map(({ label, value }) => (
            <div key={label} className="gap-4 border-b border-edge px-4 py-1.5 last:border-0 sm:grid sm:grid-cols-[13rem_minmax(0,1fr)]">
              <dt className="text-ink-soft">{label}</dt>
              <dd className="min-w-0 break-words">{value}</dd>
            </div>
          ))}
        </dl>
      );
    case "table":
      return (
        <figure>
          <figcaption className="mb-1.5 font-semibold">{block.caption}</figcaption>
          <Table table={block.table} label={block.caption} />
        </figure>
      );
    case "code":
      return <Code block={block} />;
    case "chart":
      return (
        <ChartFrame
          text={{ title: block.title, summary: block.summary, table: { columns: block.table.columns.map(({ title }) => title), rows: block.table.rows } }}
          legend={block.legend.map((entry) => (
            <Legend key={entry.label} entry={entry} />
          ))}
        >
          <ReportDrawing drawing={block.drawing} label={`${block.title}. ${block.summary}`} />
        </ChartFrame>
      );
  }
}

function Table({ table: { columns, rows }, label }: { table: ReportTable; label: string }) {
  const look = (place: number) => (columns[place]?.number === true ? "number" : "");
  return (
    <div className="w-fit max-w-full overflow-x-auto rounded border border-edge bg-panel print:overflow-visible print:border-0" tabIndex={0} role="region" aria-label={`${label}, a table`}>
      <table className="figures max-sm:[&_:is(th,td):first-child]:min-w-28 max-sm:[&_:is(th,td):first-child]:whitespace-normal print:text-[7pt] print:whitespace-normal print:[&_:is(th,td)]:h-auto print:[&_:is(th,td)]:p-1">
        <thead>
          <tr>
            {columns.map(({ title }, place) => (
              <th key={place} scope="col" className={look(place)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, position) => (
            <tr key={position}>
              {row.map((cell, place) =>
                place === 0 ? (
                  <th key={place} scope="row" className={classNames("font-normal", look(place))}>
                    {cell}
                  </th>
                ) : (
                  <td key={place} className={classNames(look(place) === "" && "max-w-md min-w-24 whitespace-normal", look(place))}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Code({ block: { caption, text, folded } }: { block: Extract<ReportBlock, { kind: "code" }> }) {
  const code = (
    <pre tabIndex={0} aria-label={caption} className="overflow-x-auto rounded border border-edge bg-panel p-3 font-mono text-xs print:whitespace-pre-wrap">
      <code>{text}</code>
    </pre>
  );
  if (folded) {
    return (
      <details>
        <summary className="py-1 font-semibold">{caption}</summary>
        {code}
      </details>
    );
  }
  return (
    <figure>
      <figcaption className="mb-1.5 font-semibold">{caption}</figcaption>
      {code}
    </figure>
  );
}

function Legend({ entry: { look, label } }: { entry: Entry }) {
  if (look === "filled" || look === "hollow") {
    return (
      <LegendEntry color={look === "filled" ? "var(--mark)" : "var(--mark-quiet)"} hollow={look === "hollow"}>
        {label}
      </LegendEntry>
    );
  }
  return (
    <span className="inline-flex items-center gap-1">
      <span aria-hidden className={classNames("w-4", look === "dashed" ? "border-t-2 border-dashed border-warn" : "border-t border-ink-soft")} />
      {label}
    </span>
  );
}
