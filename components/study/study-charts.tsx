"use client";

import { useMemo } from "react";

import type { StudyComparison, StudyDetail } from "../../server/study/views";
import { ArmSwatch } from "../chart/arm-mark";
import { LazyOverlayChart } from "../chart/lazy";
import { type OverlaidFigure, prepareOverlay } from "../chart/prepare-overlay";
import { classNames } from "../ui/class-names";

const figures: readonly OverlaidFigure[] = ["valid_rate", "accuracy_mean", "share_above_threshold", "novelty_rate"];

interface StudyChartsProps {
  study: StudyDetail;
  comparison: StudyComparison;
  /** Positions of arms that are not drawn. */
  hidden: ReadonlySet<number>;
  onToggle: (arm: number) => void;
}

/** Every figure of all arms over cycles, and which arms are drawn. */
export function StudyCharts({ study, comparison, hidden, onToggle }: StudyChartsProps) {
  const models = useMemo(() => figures.map((figure) => prepareOverlay(comparison, figure, hidden)), [comparison, hidden]);
  // The axis has room for what will come, and does not move when it does.
  const planned = Math.max(1, ...study.arms.flatMap(({ runs }) => runs.map((run) => run.cycles_planned)));
  return (
    <section aria-label="Cycles of all arms" className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="font-semibold">Cycles</h2>
        <div role="group" aria-label="Arms drawn" className="flex flex-wrap gap-1">
          {comparison.arms.map(({ name }, arm) => (
            <button
              key={name}
              type="button"
              aria-pressed={!hidden.has(arm)}
              onClick={() => onToggle(arm)}
              className={classNames(
                "inline-flex min-h-7 max-w-full items-center gap-1.5 rounded border px-2 text-sm",
                hidden.has(arm) ? "border-edge bg-panel text-ink-faint line-through" : "border-edge-strong bg-panel text-ink hover:bg-sunken",
              )}
            >
              <ArmSwatch arm={arm} />
              <span className="truncate">{name}</span>
            </button>
          ))}
        </div>
        <p className="text-xs text-ink-soft">Seeds pooled; bars and bands are 95 % intervals. Dashed and paler: not all seeds of the arm are in yet.</p>
      </div>
      <div className="grid gap-4 md:grid-cols-2">
        {models.map((model, at) => (
          <LazyOverlayChart key={figures[at]} model={model} planned={planned} />
        ))}
      </div>
    </section>
  );
}
