"use client";

import type { ReactNode } from "react";
import { CartesianGrid, ComposedChart, Line, Tooltip, useXAxisScale, useYAxisScale, XAxis, YAxis } from "recharts";

import { ChartFrame } from "./chart-frame";
import { axisText } from "./cycle-plot";
import { PlotNote } from "./plot-note";
import type { LossModel } from "./prepare-loss";

/** Training loss by optimiser step, raw; a step without a finite loss is a tick at the top and a break in the line. */
export default function LossChart({ model, legend }: { model: LossModel; legend?: ReactNode }) {
  const points = model.lines.flat();
  return (
    <ChartFrame text={model} legend={legend}>
      {points.length === 0 && model.broken.length === 0 ? (
        <div className="grid h-full place-items-center rounded border border-dashed border-edge text-xs text-ink-faint">no step yet</div>
      ) : (
        <ComposedChart
          responsive
          style={{ width: "100%", height: "100%" }}
          data={points}
          margin={{ top: 6, right: 8, bottom: 0, left: 0 }}
          accessibilityLayer
          title={model.title}
        >
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          <XAxis
            dataKey="step"
            type="number"
            domain={[0, model.lastStep]}
            height={18}
            tick={axisText}
            tickLine={false}
            axisLine={{ stroke: "var(--edge-strong)" }}
          />
          <YAxis domain={[model.lowest, model.highest]} width={40} tick={axisText} tickLine={false} axisLine={false} tickFormatter={(value: number) => value.toFixed(2)} />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: "var(--edge-strong)", strokeDasharray: "2 2" }}
            content={<PlotNote describe={(step) => describe(points, step)} />}
          />
          <Line dataKey="loss" stroke="none" dot={false} activeDot={false} isAnimationActive={false} legendType="none" />
          <LossMarks model={model} />
        </ComposedChart>
      )}
    </ChartFrame>
  );
}

function describe(points: { step: number; loss: number }[], step: number) {
  const point = points.find((one) => one.step === step);
  return point === undefined ? null : { title: `Step ${step}`, lines: [`loss ${point.loss.toFixed(4)}`] };
}

function LossMarks({ model }: { model: LossModel }) {
  const x = useXAxisScale();
  const y = useYAxisScale();
  if (x === undefined || y === undefined) return null;
  return (
    <g fill="none" stroke="var(--mark)" strokeWidth={1.5}>
      {model.lines.map((line) => (
        <g key={line[0]?.step}>
          <path d={line.map(({ step, loss }, place) => `${place === 0 ? "M" : "L"}${x(step) ?? 0} ${y(loss) ?? 0}`).join("")} />
          {line.length < 40
            ? line.map(({ step, loss }) => <circle key={step} cx={x(step)} cy={y(loss)} r={1.75} fill="var(--mark)" stroke="none" />)
            : null}
        </g>
      ))}
      {model.broken.map((step) => (
        <path key={step} d={`M${x(step) ?? 0} ${y(model.highest) ?? 0}v8`} stroke="var(--bad)" strokeWidth={2} />
      ))}
    </g>
  );
}
