"use client";

import { usePlotArea, useXAxisScale, useYAxisScale } from "recharts";

import type { Outcome } from "../../server/contract/words";
import { outcomeLabels } from "../candidate/labels";
import { ChartFrame } from "./chart-frame";
import { CyclePlot } from "./cycle-plot";
import { familyLabels } from "./outcome-families";
import type { OutcomeColumn, OutcomeModel } from "./prepare-outcomes";

interface OutcomeChartProps {
  model: OutcomeModel;
  planned: number;
  selected: number;
  onSelect: (cycle: number) => void;
  /** A segment was clicked: show exactly these programs. */
  onFilter: (cycle: number, outcomes: Outcome[]) => void;
}

/** What became of every program, stacked by cycle. */
export default function OutcomeChart({ model, planned, selected, onSelect, onFilter }: OutcomeChartProps) {
  return (
    <ChartFrame
      text={model}
      legend={model.families.map((family) => (
        <span key={family} className="inline-flex items-center gap-1">
          <span aria-hidden className="inline-block size-2.5" style={{ background: `var(--series-${family})` }} />
          {familyLabels[family]}
        </span>
      ))}
    >
      <CyclePlot
        planned={planned}
        selected={selected}
        onSelect={onSelect}
        yDomain={[0, model.most]}
        formatY={String}
        label={model.title}
        describe={(cycle) => describe(model.columns.find((column) => column.cycle === cycle))}
      >
        <OutcomeMarks model={model} planned={planned} onFilter={onFilter} />
      </CyclePlot>
    </ChartFrame>
  );
}

function describe(column: OutcomeColumn | undefined): string[] {
  if (column === undefined) return ["not reached"];
  const lines = column.segments.flatMap((segment) =>
    segment.outcomes.map(({ outcome, count }) => `${outcomeLabels[outcome]}: ${count} of ${column.total}`),
  );
  if (column.pending > 0) lines.push(`pending: ${column.pending} of ${column.total}`);
  return lines;
}

function OutcomeMarks({ model, planned, onFilter }: Pick<OutcomeChartProps, "model" | "planned" | "onFilter">) {
  const x = useXAxisScale();
  const y = useYAxisScale();
  const area = usePlotArea();
  if (x === undefined || y === undefined || area === undefined) return null;
  const width = Math.min(40, (area.width / planned) * 0.66);
  const at = (value: number): number => y(value) ?? 0;
  return (
    <g>
      <pattern id="outcome-pending" width={5} height={5} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width={1.5} height={5} fill="var(--mark-quiet)" />
      </pattern>
      {model.columns.map((column) => {
        const left = (x(column.cycle) ?? 0) - width / 2;
        const judged = column.segments.reduce((sum, segment) => sum + segment.count, 0);
        return (
          <g key={column.cycle}>
            {column.segments.map((segment) => {
              const height = at(segment.start) - at(segment.start + segment.count);
              return (
                <g key={segment.family}>
                  <rect
                    x={left}
                    y={at(segment.start + segment.count)}
                    width={width}
                    height={Math.max(0, height - 1)}
                    fill={`var(--series-${segment.family})`}
                    onClick={() => onFilter(column.cycle, segment.outcomes.map(({ outcome }) => outcome))}
                  />
                  {height > 13 && width > 18 ? (
                    <text
                      x={left + width / 2}
                      y={at(segment.start) - height / 2 + 3.5}
                      textAnchor="middle"
                      fontSize={10}
                      fontWeight={600}
                      fill="var(--panel)"
                      pointerEvents="none"
                    >
                      {segment.count}
                    </text>
                  ) : null}
                </g>
              );
            })}
            {column.pending === 0 ? null : (
              <rect
                x={left}
                y={at(judged + column.pending)}
                width={width}
                height={at(judged) - at(judged + column.pending)}
                fill="url(#outcome-pending)"
                stroke="var(--mark-quiet)"
              />
            )}
          </g>
        );
      })}
    </g>
  );
}
