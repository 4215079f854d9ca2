"use client";

import type { CycleFigures } from "../../server/cycle/views";
import { classNames } from "../ui/class-names";
import { stageLabels } from "../run/labels";

interface CyclePickerProps {
  cycles: CycleFigures[];
  planned: number;
  /** null = follow the newest. */
  chosen: number | null;
  onChoose: (cycle: number | null) => void;
}

const item = (active: boolean): string =>
  classNames(
    "min-h-8 min-w-8 border px-2.5 text-sm first:rounded-l last:rounded-r not-first:-ml-px",
    active ? "z-10 border-accent bg-accent-soft font-semibold text-accent" : "border-edge-strong bg-panel text-ink-soft hover:bg-sunken",
  );

/** Which cycle the page shows; "newest" follows the run. */
export function CyclePicker({ cycles, planned, chosen, onChoose }: CyclePickerProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <h2 className="font-semibold">Cycles</h2>
      <div role="group" aria-label="Cycle shown" className="flex flex-wrap gap-y-1">
        <button type="button" aria-pressed={chosen === null} className={item(chosen === null)} onClick={() => onChoose(null)}>
          newest
        </button>
        {cycles.map((cycle) => (
          <button
            key={cycle.number}
            type="button"
            aria-pressed={chosen === cycle.number}
            className={item(chosen === cycle.number)}
            onClick={() => onChoose(cycle.number)}
            title={`Cycle ${cycle.number}: ${stageLabels[cycle.stage]}, written by ${cycle.has_adapter ? "a fine-tuned model" : "the base model"}`}
          >
            {cycle.number}
          </button>
        ))}
      </div>
      <p className="text-xs text-ink-soft">
        {cycles.length} of {planned} begun. {chosen === null ? "" : "The list of programs below shows this cycle only."}
      </p>
    </div>
  );
}
