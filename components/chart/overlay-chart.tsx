"use client";

import { usePlotArea, useXAxisScale, useYAxisScale } from "recharts";

import { ArmMark, armColor } from "./arm-mark";
import { ChartFrame } from "./chart-frame";
import { CyclePlot, formatPercentTick, percentTicks } from "./cycle-plot";
import { describePoint, maxSummarised, type OverlayArm, type OverlayModel, type OverlayPoint } from "./prepare-overlay";

interface OverlayChartProps {
  model: OverlayModel;
  planned: number;
}

/** A line and its intervals for each arm: bars side by side while there is room for them, bands behind each other when not. */
export default function OverlayChart({ model, planned }: OverlayChartProps) {
  const describe = (cycle: number): string[] =>
    model.arms.map(({ name, points }) => {
      const point = points.find((one) => one.cycle === cycle);
      return `${name}: ${point === undefined ? "not reached" : describePoint(point, model.arms.length > maxSummarised)}`;
    });
  return (
    <ChartFrame text={model}>
      {model.arms.every(({ points }) => points.length === 0) ? (
        <div className="grid h-full place-items-center rounded border border-dashed border-edge text-xs text-ink-faint">no cycle judged yet</div>
      ) : (
        <CyclePlot planned={planned} yDomain={[0, 1]} yTicks={percentTicks} formatY={formatPercentTick} label={model.title} describe={describe}>
          <OverlayMarks arms={model.arms} planned={planned} />
        </CyclePlot>
      )}
    </ChartFrame>
  );
}

/** Room that a bar with its mark needs beside the next arm's. */
const barWidth = 9;

interface Place {
  x: number;
  y: number;
  low: number | null;
  high: number | null;
}

function OverlayMarks({ arms, planned }: { arms: OverlayArm[]; planned: number }) {
  const x = useXAxisScale();
  const y = useYAxisScale();
  const area = usePlotArea();
  if (x === undefined || y === undefined || area === undefined) return null;
  const asBars = area.width / planned > barWidth * (arms.length + 1);
  const shiftOf = (at: number): number => (asBars ? (at - (arms.length - 1) / 2) * barWidth : 0);
  const place = ({ cycle, figure }: OverlayPoint, shift: number): Place | null =>
    figure === null
      ? null
      : {
          x: (x(cycle) ?? 0) + shift,
          y: y(figure.value) ?? 0,
          low: figure.low === null ? null : (y(Math.max(0, figure.low)) ?? 0),
          high: figure.high === null ? null : (y(Math.min(1, figure.high)) ?? 0),
        };
  // The reference is drawn last: whatever else overlaps, it is seen.
  return (
    <g>
      {arms.map((series, at) => <ArmLine key={series.arm} series={series} asBars={asBars} place={(point) => place(point, shiftOf(at))} />).toReversed()}
    </g>
  );
}

interface ArmLineProps {
  series: OverlayArm;
  asBars: boolean;
  place: (point: OverlayPoint) => Place | null;
}

function ArmLine({ series: { arm, points }, asBars, place }: ArmLineProps) {
  const color = armColor(arm);
  const placed = points.flatMap((point, at) => {
    const here = place(point);
    const before = at === 0 || points[at - 1]?.cycle !== point.cycle - 1 ? null : place(points[at - 1] ?? point);
    return here === null ? [] : [{ cycle: point.cycle, provisional: point.provisional, here, before }];
  });
  return (
    <g>
      {placed.map(({ cycle, provisional, here, before }) => (
        <g key={cycle} opacity={provisional ? 0.7 : 1}>
          {asBars ? <Bar {...here} color={color} /> : <Band from={before} to={here} color={color} />}
          {before === null ? null : (
            <line x1={before.x} y1={before.y} x2={here.x} y2={here.y} stroke={color} strokeWidth={1.5} strokeDasharray={provisional ? "2 3" : undefined} />
          )}
        </g>
      ))}
      {placed.map(({ cycle, here }) => (
        <ArmMark key={cycle} arm={arm} x={here.x} y={here.y} radius={asBars ? 4 : 3.25} />
      ))}
    </g>
  );
}

function Bar({ x, low, high, color }: Place & { color: string }) {
  if (low === null || high === null) return null;
  return <path d={`M${x} ${low}V${high}M${x - 2.5} ${low}h5M${x - 2.5} ${high}h5`} stroke={color} strokeWidth={1.25} fill="none" />;
}

/** Between two cycles that both have an interval. */
function Band({ from, to, color }: { from: Place | null; to: Place; color: string }) {
  if (from === null || from.low === null || from.high === null || to.low === null || to.high === null) return null;
  return <path d={`M${from.x} ${from.low}L${to.x} ${to.low}V${to.high}L${from.x} ${from.high}Z`} fill={color} fillOpacity={0.12} />;
}
