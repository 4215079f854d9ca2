import type { CycleStage } from "../../server/contract/words";
import { classNames } from "../ui/class-names";
import { stageLabels } from "./labels";

export interface StageStep {
  stage: Exclude<CycleStage, "ended">;
  /** 0-1; null = it has no countable steps. */
  done: number | null;
  /** "31 of 48". */
  figure: string;
  current: boolean;
}

interface StageBarProps {
  cyclesPlanned: number;
  cycle: number;
  cycleEnded: boolean;
  steps: StageStep[];
  /** Something is moving: not paused, not waiting. */
  moving: boolean;
  compact?: boolean;
}

/** Cycles as a row of cells, and the stages of the current one. */
export function StageBar({ cyclesPlanned, cycle, cycleEnded, steps, moving, compact = false }: StageBarProps) {
  const share = steps.reduce((sum, step) => sum + (step.done ?? 0), 0) / Math.max(1, steps.length);
  return (
    <div>
      <div
        className="flex gap-px sm:gap-0.5"
        role="img"
        aria-label={`Cycle ${cycle} is number ${cycle + 1} of ${cyclesPlanned}${cycleEnded ? ", ended" : ""}`}
      >
        {Array.from({ length: cyclesPlanned }, (_, number) => {
          const filled = number < cycle || (number === cycle && cycleEnded) ? 1 : number === cycle ? share : 0;
          return (
            <span key={number} className={classNames("relative h-2 min-w-px flex-1 bg-sunken", number === cycle && !cycleEnded && "outline outline-edge-strong")}>
              <span className="absolute inset-y-0 left-0 bg-mark" style={{ width: `${filled * 100}%` }} />
            </span>
          );
        })}
      </div>
      {compact ? null : (
        <ol className="mt-3 grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
          {steps.map((step) => (
            <li key={step.stage} aria-current={step.current ? "step" : undefined}>
              <p className="flex items-baseline justify-between gap-2">
                <span className={step.current ? "font-semibold" : "text-ink-soft"}>
                  {stageLabels[step.stage]}
                </span>
                <span className="text-xs text-ink-soft">{step.figure}</span>
              </p>
              <span className="mt-1 block h-1.5 bg-sunken" aria-hidden>
                <span
                  className={classNames("block h-full", step.current && moving ? "pulse bg-mark" : "bg-mark")}
                  style={{ width: `${(step.done ?? (step.current ? 1 : 0)) * 100}%` }}
                />
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
