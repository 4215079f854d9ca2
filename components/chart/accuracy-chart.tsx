"use client";

import { usePlotArea, useXAxisScale, useYAxisScale } from "recharts";

import { formatInterval, formatPercent } from "../ui/format";
import { ChartFrame, LegendEntry } from "./chart-frame";
import { axisText, CyclePlot, formatPercentTick, percentTicks } from "./cycle-plot";
import { drawPaperLines, PaperLegend } from "./paper-lines";
import type { PaperReference } from "./paper-references";
import type { AccuracyColumn, AccuracyModel } from "./prepare-accuracy";

interface AccuracyChartProps {
  model: AccuracyModel;
  planned: number;
  selected: number;
  onSelect: (cycle: number) => void;
  /** Of the paper, where they are of the same data. */
  references?: readonly PaperReference[];
}

/** Accuracy of every valid program by cycle: all points, quantile box, mean with t interval, selection threshold. */
export default function AccuracyChart({ model, planned, selected, onSelect, references = [] }: AccuracyChartProps) {
  return (
    <ChartFrame
      text={model}
      legend={
        <>
          <LegendEntry color="var(--mark-quiet)">one program</LegendEntry>
          <span>box 25–75 %, whiskers 10–90 %</span>
          <LegendEntry color="var(--mark)">mean, 95 % t interval</LegendEntry>
          <span className="text-warn">╌ selection threshold</span>
          <PaperLegend references={references} />
        </>
      }
    >
      <CyclePlot
        planned={planned}
        selected={selected}
        onSelect={onSelect}
        yDomain={[-0.12, 1]}
        yTicks={percentTicks}
        formatY={formatPercentTick}
        label={model.title}
        describe={(cycle) => describe(model.columns.find((column) => column.cycle === cycle))}
      >
        {drawPaperLines(references)}
        <AccuracyMarks columns={model.columns} planned={planned} />
      </CyclePlot>
    </ChartFrame>
  );
}

function describe(column: AccuracyColumn | undefined): string[] {
  if (column === undefined) return ["not reached"];
  const lines: string[] = [];
  if (column.mean === null) lines.push("no valid program");
  else {
    const { value, low, high, n } = column.mean;
    const interval = column.showInterval && low !== null && high !== null ? `, 95 % ${formatInterval(low, high)}` : "";
    lines.push(`mean ${formatPercent(value)}${interval}, n = ${n}`);
  }
  if (column.box !== null) {
    lines.push(`median ${formatPercent(column.box.p50)}, 25–75 %: ${formatInterval(column.box.p25, column.box.p75)}`);
  }
  if (column.threshold !== null) lines.push(`selection threshold ${formatPercent(column.threshold)}`);
  if (column.notInBox !== null) lines.push(`not in this box: ${formatPercent(column.notInBox)} of the generated`);
  return lines;
}

function AccuracyMarks({ columns, planned }: { columns: AccuracyColumn[]; planned: number }) {
  const x = useXAxisScale();
  const y = useYAxisScale();
  const area = usePlotArea();
  if (x === undefined || y === undefined || area === undefined) return null;
  const half = Math.min(22, (area.width / planned) * 0.36);
  const at = (value: number): number => y(value) ?? 0;
  return (
    <g>
      {columns.map((column) => {
        const middle = x(column.cycle) ?? 0;
        const { box, mean } = column;
        return (
          <g key={column.cycle}>
            {column.marks.map((mark) => (
              <circle
                key={mark.index}
                cx={middle + mark.offset * half}
                cy={at(mark.accuracy)}
                r={1.8}
                fill={mark.novel === false ? "none" : "var(--mark-quiet)"}
                stroke="var(--mark-quiet)"
                strokeWidth={0.75}
                opacity={0.8}
              />
            ))}
            {box === null ? null : (
              <g stroke="var(--ink-soft)" fill="none" strokeWidth={1}>
                <rect x={middle - half} y={at(box.p75)} width={2 * half} height={Math.max(0.5, at(box.p25) - at(box.p75))} fill="var(--ink)" fillOpacity={0.06} />
                <path
                  d={`M${middle} ${at(box.p75)}V${at(box.p90)}M${middle} ${at(box.p25)}V${at(box.p10)}M${middle - half / 2} ${at(box.p90)}h${half}M${middle - half / 2} ${at(box.p10)}h${half}`}
                />
                <path d={`M${middle - half} ${at(box.p50)}h${2 * half}`} strokeWidth={1.75} />
              </g>
            )}
            {column.threshold === null ? null : (
              <path
                d={`M${middle - half * 1.25} ${at(column.threshold)}h${half * 2.5}`}
                stroke="var(--warn)"
                strokeWidth={1.5}
                strokeDasharray="4 2"
              />
            )}
            {mean === null ? null : (
              <g stroke="var(--mark)" fill="var(--mark)">
                {column.showInterval && mean.low !== null && mean.high !== null ? (
                  <path d={`M${middle} ${at(Math.max(0, mean.low))}V${at(Math.min(1, mean.high))}`} strokeWidth={3} strokeOpacity={0.75} />
                ) : null}
                <circle cx={middle} cy={at(mean.value)} r={4} stroke="var(--panel)" strokeWidth={1.25} />
              </g>
            )}
            {mean === null ? null : (
              <text x={middle} y={at(0) + 14} textAnchor="middle" {...axisText} fontSize={10}>
                {columns.length > 14 ? mean.n : `n ${mean.n}`}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}
