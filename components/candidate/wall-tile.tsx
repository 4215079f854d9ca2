"use client";

import { Ban, Check, CircleDashed, LoaderCircle, PenLine, X } from "lucide-react";
import { memo, useCallback, useSyncExternalStore } from "react";

import { familyOfOutcome } from "../chart/outcome-families";
import type { Program, ProgramStore } from "../live/program-store";
import { classNames } from "../ui/class-names";
import { formatPercent } from "../ui/format";
import { candidateStateLabels, outcomeLabels } from "./labels";
import { lastLines } from "./last-lines";

interface WallTileProps {
  store: ProgramStore;
  index: number;
  selected: boolean;
  onPin: (index: number) => void;
}

/** One program: index, its last lines while it is written, then what became of it. Follows the store by itself. */
export const WallTile = memo(function WallTile({ store, index, selected, onPin }: WallTileProps) {
  const subscribe = useCallback((listener: () => void) => store.subscribe(index, listener), [store, index]);
  const program = useSyncExternalStore(
    subscribe,
    () => store.get(index),
    () => undefined,
  );
  if (program === undefined) return null;
  const family = program.outcome === null ? null : familyOfOutcome[program.outcome];
  return (
    <button
      type="button"
      aria-pressed={selected}
      aria-label={`Program ${index}: ${describe(program)}`}
      onClick={() => onPin(index)}
      className={classNames(
        "flex h-[3.6rem] w-full flex-col overflow-hidden rounded border px-1.5 py-1 text-left",
        selected ? "border-accent bg-accent-soft outline outline-accent" : "border-edge hover:border-edge-strong",
        family !== null && family !== "ok" && !selected && "bg-sunken",
      )}
    >
      <span className="flex w-full items-center gap-1 text-xs">
        <span className="font-mono text-ink-faint">{String(index).padStart(3, "0")}</span>
        <TileIcon program={program} />
        <span className="ml-auto font-semibold">{program.accuracy === null ? "" : formatPercent(program.accuracy)}</span>
      </span>
      <span className="mt-0.5 block w-full overflow-hidden font-mono text-[10px] leading-[0.85rem] whitespace-pre text-ink-soft" aria-hidden>
        {program.state === "writing" ? lastLines(program.text) : describe(program)}
      </span>
    </button>
  );
});

function describe({ state, outcome }: Program): string {
  return state === "ended" && outcome !== null ? outcomeLabels[outcome] : candidateStateLabels[state];
}

function TileIcon({ program: { state, outcome } }: { program: Program }) {
  const size = "size-3.5 shrink-0";
  if (state === "writing") return <PenLine aria-hidden className={classNames(size, "text-accent")} />;
  if (state === "complete") return <CircleDashed aria-hidden className={classNames(size, "text-ink-faint")} />;
  if (state === "evaluating") return <LoaderCircle aria-hidden className={classNames(size, "pulse text-accent")} />;
  const family = outcome === null ? "unrated" : familyOfOutcome[outcome];
  const Icon = family === "ok" ? Check : family === "unrated" ? Ban : X;
  return <Icon aria-hidden className={size} style={{ color: `var(--series-${family})` }} />;
}
