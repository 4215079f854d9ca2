"use client";

import type { ReactNode } from "react";
import { CartesianGrid, ComposedChart, Line, ReferenceArea, Tooltip, XAxis, YAxis } from "recharts";

import { formatPercent } from "../ui/format";
import { PlotNote } from "./plot-note";

export interface CyclePlotProps {
  /** Cycles the run will have: the axis never rescales while they arrive. */
  planned: number;
  /** Left out where no cycle can be chosen. */
  selected?: number;
  onSelect?: (cycle: number) => void;
  /** Marks, drawn with the chart's own scales. */
  children: ReactNode;
  yDomain: [number, number];
  yTicks?: number[];
  formatY: (value: number) => string;
  /** Lines of text for one cycle, under the pointer or the keyboard's cursor. */
  describe: (cycle: number) => string[];
  label: string;
}

export const axisText = { fontSize: 11, fill: "var(--ink-faint)" } as const;

/** At most twelve labels, always with cycle 0. */
function cycleTicks(planned: number): number[] {
  const step = Math.ceil(planned / 12);
  return Array.from({ length: Math.ceil(planned / step) }, (_, tick) => tick * step);
}

/** The frame shared by every chart over cycles: one column a cycle, the selected one shaded, a click selects. */
export function CyclePlot(props: CyclePlotProps) {
  const { planned, selected, onSelect, children, yDomain, yTicks, formatY, describe, label } = props;
  const data = Array.from({ length: planned }, (_, cycle) => ({ cycle, top: yDomain[1] }));
  return (
    <ComposedChart
      responsive
      style={{ width: "100%", height: "100%", cursor: onSelect === undefined ? "default" : "pointer" }}
      data={data}
      margin={{ top: 6, right: 6, bottom: 0, left: 0 }}
      accessibilityLayer
      title={label}
      onClick={({ activeLabel }) => {
        const cycle = Number(activeLabel);
        if (Number.isInteger(cycle)) onSelect?.(cycle);
      }}
    >
      <CartesianGrid vertical={false} stroke="var(--grid)" />
      {selected === undefined ? null : (
        <ReferenceArea x1={selected - 0.5} x2={selected + 0.5} fill="var(--accent-soft)" fillOpacity={0.7} ifOverflow="hidden" zIndex={-50} />
      )}
      <XAxis
        dataKey="cycle"
        type="number"
        domain={[-0.5, planned - 0.5]}
        ticks={cycleTicks(planned)}
        interval={0}
        height={18}
        tick={axisText}
        tickLine={false}
        axisLine={{ stroke: "var(--edge-strong)" }}
      />
      <YAxis
        domain={yDomain}
        {...(yTicks === undefined ? {} : { ticks: yTicks })}
        width={44}
        tick={axisText}
        tickLine={false}
        axisLine={false}
        tickFormatter={formatY}
        allowDataOverflow
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: "var(--edge-strong)", strokeDasharray: "2 2" }}
        content={<PlotNote describe={(cycle) => ({ title: `Cycle ${cycle}`, lines: describe(cycle) })} />}
      />
      {/* Carries the tooltip and the keyboard's cursor; it has no mark of its own. A line of one point would draw it as a dot. */}
      <Line dataKey="top" stroke="none" dot={planned === 1 ? { r: 0 } : false} activeDot={false} isAnimationActive={false} legendType="none" />
      {children}
    </ComposedChart>
  );
}

export const percentTicks = [0, 0.2, 0.4, 0.6, 0.8, 1];
export const formatPercentTick = (value: number): string => formatPercent(value, 0);
