"use client";

import { useRouter } from "next/navigation";
import { type KeyboardEvent, useRef, useState } from "react";

import { ChartFrame, LegendEntry } from "../chart/chart-frame";
import { axisText } from "../chart/cycle-plot";
import { formatPercent } from "../ui/format";
import { describeMark, type TransferModel } from "./prepare-transfer";

/** Of the drawing; its text stays readable on a telephone. */
const box = { width: 400, height: 208, left: 46, right: 392, top: 8, bottom: 172 };
const ticks = [0, 0.25, 0.5, 0.75, 1];

const toX = (accuracy: number): number => box.left + accuracy * (box.right - box.left);
const toY = (accuracy: number): number => box.bottom - accuracy * (box.bottom - box.top);

/**
 * Each winner's report accuracy under its own recipe and, upwards, under another one; on the dashed line nothing has changed.
 * The marks are links with one place in the tab order: arrow keys go from one to the next.
 */
export function TransferChart({ model }: { model: TransferModel }) {
  const { marks, own, other } = model;
  const router = useRouter();
  const [current, setCurrent] = useState(0);
  const [shown, setShown] = useState<number | null>(null);
  const links = useRef(new Map<number, { focus: () => void }>());
  const here = Math.min(current, marks.length - 1);

  const move = (event: KeyboardEvent): void => {
    const next = { ArrowRight: here + 1, ArrowUp: here + 1, ArrowLeft: here - 1, ArrowDown: here - 1, Home: 0, End: marks.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    links.current.get(Math.max(0, Math.min(marks.length - 1, next)))?.focus();
  };
  const noted = shown === null ? undefined : marks[shown];

  return (
    <ChartFrame
      text={model}
      legend={
        <>
          <LegendEntry color="var(--mark)">one winner</LegendEntry>
          <span>╌ unchanged</span>
          <span aria-hidden className="w-0 min-w-full truncate" title={noted === undefined ? undefined : describeMark(noted, model)}>
            {noted === undefined ? "\u00a0" : describeMark(noted, model)}
          </span>
        </>
      }
    >
      {marks.length === 0 ? (
        <div className="grid h-full place-items-center rounded border border-dashed border-edge text-xs text-ink-faint">no winner is valid under both yet</div>
      ) : (
        <svg
          viewBox={`0 0 ${box.width} ${box.height}`}
          role="group"
          aria-label={`${model.title}. Arrow keys go through the winners.`}
          className="h-full w-full"
          onPointerLeave={() => setShown(null)}
        >
          <Axes own={own} other={other} />
          {marks.map((mark, place) => (
            <a
              key={mark.id}
              ref={(link) => {
                if (link === null) links.current.delete(place);
                else links.current.set(place, link);
              }}
              href={`/candidates/${mark.id}`}
              aria-label={describeMark(mark, model)}
              tabIndex={place === here ? 0 : -1}
              onKeyDown={move}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                router.push(`/candidates/${mark.id}`);
              }}
              onFocus={() => {
                setCurrent(place);
                setShown(place);
              }}
              onPointerEnter={() => setShown(place)}
            >
              <circle cx={toX(mark.before)} cy={toY(mark.after)} r={9} fill="transparent" />
              <circle cx={toX(mark.before)} cy={toY(mark.after)} r={shown === place ? 5 : 3.25} fill="var(--mark)" fillOpacity={0.75} stroke="var(--panel)" strokeWidth={0.75} />
            </a>
          ))}
        </svg>
      )}
    </ChartFrame>
  );
}

function Axes({ own, other }: { own: string; other: string }) {
  return (
    <g aria-hidden>
      {ticks.map((tick) => (
        <g key={tick}>
          <path d={`M${box.left} ${toY(tick)}H${box.right}`} stroke="var(--grid)" />
          <text x={box.left - 6} y={toY(tick) + 4} textAnchor="end" {...axisText}>
            {formatPercent(tick, 0)}
          </text>
          <text x={toX(tick)} y={box.bottom + 15} textAnchor={tick === 1 ? "end" : "middle"} {...axisText}>
            {formatPercent(tick, 0)}
          </text>
        </g>
      ))}
      <path d={`M${toX(0)} ${toY(0)}L${toX(1)} ${toY(1)}`} stroke="var(--edge-strong)" strokeDasharray="4 3" />
      <text x={(box.left + box.right) / 2} y={box.height - 4} textAnchor="middle" {...axisText}>
        under {own}; upwards: under {other}
      </text>
    </g>
  );
}
