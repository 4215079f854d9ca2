"use client";

import { useXAxisScale, useYAxisScale } from "recharts";

import { formatInterval, formatPercent } from "../ui/format";
import { ChartFrame, LegendEntry } from "./chart-frame";
import { axisText, CyclePlot, formatPercentTick, percentTicks } from "./cycle-plot";
import { drawPaperLines, PaperLegend } from "./paper-lines";
import type { PaperReference } from "./paper-references";
import type { RateModel, RatePoint, RateSeries } from "./prepare-rates";

interface RateChartProps {
  model: RateModel;
  planned: number;
  selected: number;
  onSelect: (cycle: number) => void;
  /** Of the paper, where they are of the same data. */
  references?: readonly PaperReference[];
}

const looks = [
  { color: "var(--mark)", hollow: false },
  { color: "var(--mark-quiet)", hollow: true },
];

/** Rates per cycle: a dot and its Wilson interval; under n = 10 the interval only; the n below each point. */
export default function RateChart({ model, planned, selected, onSelect, references = [] }: RateChartProps) {
  return (
    <ChartFrame
      text={model}
      legend={
        <>
          {model.series.map((series, place) => (
            <LegendEntry key={series.label} color={looks[place]?.color ?? "var(--mark)"} hollow={looks[place]?.hollow === true}>
              {series.label}
            </LegendEntry>
          ))}
          <span>bar: 95 % Wilson interval</span>
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
        describe={(cycle) => model.series.map((series) => describe(series, cycle))}
      >
        {drawPaperLines(references)}
        {model.series.map((series, place) => (
          <RateMarks
            key={series.label}
            series={series}
            shift={model.series.length === 1 ? 0 : place === 0 ? -5 : 5}
            color={looks[place]?.color ?? "var(--mark)"}
            hollow={looks[place]?.hollow === true}
            withN={place === 0}
          />
        ))}
      </CyclePlot>
    </ChartFrame>
  );
}

function describe({ label, points }: RateSeries, cycle: number): string {
  const point = points.find((one) => one.cycle === cycle);
  if (point === undefined) return `${label}: cycle not reached`;
  if (point.rate === null) return `${label}: none judged yet`;
  const { value, low, high, count, n } = point.rate;
  return `${label}: ${formatPercent(value)}, ${count} of ${n}, 95 % ${formatInterval(low, high)}${point.provisional ? ", not complete" : ""}`;
}

interface MarksProps {
  series: RateSeries;
  shift: number;
  color: string;
  hollow: boolean;
  withN: boolean;
}

function RateMarks({ series, shift, color, hollow, withN }: MarksProps) {
  const x = useXAxisScale();
  const y = useYAxisScale();
  if (x === undefined || y === undefined) return null;
  const place = ({ cycle, rate }: RatePoint): { x: number; y: number; low: number; high: number } | null => {
    if (rate === null) return null;
    return { x: (x(cycle) ?? 0) + shift, y: y(rate.value) ?? 0, low: y(rate.low) ?? 0, high: y(rate.high) ?? 0 };
  };
  return (
    <g>
      {series.points.map((point, position) => {
        const at = place(point);
        const before = series.points[position - 1];
        const from = before === undefined || !before.showDot || !point.showDot ? null : place(before);
        if (at === null || point.rate === null) return null;
        return (
          <g key={point.cycle} opacity={point.provisional ? 0.75 : 1}>
            {from === null ? null : (
              <line
                x1={from.x}
                y1={from.y}
                x2={at.x}
                y2={at.y}
                stroke={color}
                strokeWidth={1.5}
                strokeDasharray={point.provisional ? "2 3" : undefined}
              />
            )}
            <path d={`M${at.x} ${at.low}V${at.high}M${at.x - 3} ${at.low}h6M${at.x - 3} ${at.high}h6`} stroke={color} strokeWidth={1.25} fill="none" />
            {point.showDot ? (
              <circle cx={at.x} cy={at.y} r={3.5} fill={hollow ? "var(--panel)" : color} stroke={color} strokeWidth={1.5} />
            ) : null}
            {withN ? (
              <text x={at.x - shift} y={(y(0) ?? 0) + 14} textAnchor="middle" {...axisText} fontSize={10}>
                {series.points.length > 14 ? point.rate.n : `n ${point.rate.n}`}
              </text>
            ) : null}
          </g>
        );
      })}
    </g>
  );
}
