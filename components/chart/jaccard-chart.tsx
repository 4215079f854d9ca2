"use client";

import { Bar, CartesianGrid, ComposedChart, ReferenceLine, Tooltip, useXAxisScale, useYAxisScale, XAxis, YAxis } from "recharts";

import { ChartFrame, LegendEntry } from "./chart-frame";
import { plural } from "../ui/format";
import { axisText } from "./cycle-plot";
import { PlotNote } from "./plot-note";
import type { JaccardModel } from "./prepare-jaccard";

/** Where the programs without a known neighbour stand: right of 1, a bin of their own. */
const unknownAt = 1.09;

/** Histogram of the similarity to the nearest earlier program, with the line at the threshold of the text. */
export default function JaccardChart({ model }: { model: JaccardModel }) {
  const data = model.bins.map((bin) => ({ middle: (bin.low + bin.high) / 2, count: bin.count }));
  return (
    <ChartFrame
      text={model}
      legend={
        <>
          <LegendEntry color="var(--mark)">below the threshold</LegendEntry>
          <LegendEntry color="var(--mark-quiet)">at or above the threshold</LegendEntry>
        </>
      }
    >
      <ComposedChart
        responsive
        style={{ width: "100%", height: "100%" }}
        data={data}
        margin={{ top: 14, right: 6, bottom: 0, left: 0 }}
        accessibilityLayer
        title={model.title}
      >
        <CartesianGrid vertical={false} stroke="var(--grid)" />
        <XAxis
          dataKey="middle"
          type="number"
          domain={[0, model.unknown > 0 ? 1.15 : 1]}
          ticks={[0, 0.2, 0.4, 0.6, 0.8, 1]}
          height={18}
          tick={axisText}
          tickLine={false}
          axisLine={{ stroke: "var(--edge-strong)" }}
        />
        <YAxis domain={[0, model.most]} allowDecimals={false} width={28} tick={axisText} tickLine={false} axisLine={false} />
        <Tooltip
          isAnimationActive={false}
          cursor={false}
          content={<PlotNote describe={(middle) => describe(model, middle)} />}
        />
        <Bar dataKey="count" fill="none" isAnimationActive={false} legendType="none" />
        <JaccardMarks model={model} />
        <ReferenceLine
          x={model.threshold}
          stroke="var(--warn)"
          strokeDasharray="4 2"
          label={{ value: `threshold ${model.threshold}`, position: "top", fontSize: 10, fill: "var(--warn)" }}
        />
      </ComposedChart>
    </ChartFrame>
  );
}

function describe({ bins }: JaccardModel, middle: number) {
  const bin = bins.find((one) => one.low <= middle && middle < one.high);
  return bin === undefined ? null : { title: `Jaccard ${bin.low.toFixed(2)}–${bin.high.toFixed(2)}`, lines: [plural(bin.count, "valid program")] };
}

function JaccardMarks({ model }: { model: JaccardModel }) {
  const x = useXAxisScale();
  const y = useYAxisScale();
  if (x === undefined || y === undefined) return null;
  const base = y(0) ?? 0;
  const bar = (low: number, high: number, count: number, fill: string) => {
    const left = (x(low) ?? 0) + 0.5;
    return <rect key={low} x={left} y={y(count) ?? 0} width={(x(high) ?? 0) - left - 0.5} height={base - (y(count) ?? 0)} fill={fill} pointerEvents="none" />;
  };
  return (
    <g>
      {model.bins.map((bin) => (bin.count === 0 ? null : bar(bin.low, bin.high, bin.count, bin.below ? "var(--mark)" : "var(--mark-quiet)")))}
      {model.unknown === 0 ? null : (
        <g>
          {bar(unknownAt - 0.03, unknownAt + 0.03, model.unknown, "var(--grid)")}
          <text x={x(unknownAt)} y={base + 12} textAnchor="middle" {...axisText} fontSize={10}>
            open
          </text>
        </g>
      )}
    </g>
  );
}
