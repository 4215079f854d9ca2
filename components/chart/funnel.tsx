"use client";

import type { FunnelKey, FunnelModel } from "./prepare-funnel";
import { formatCount, formatPercent } from "../ui/format";

/** G, P, B, V, N, S as bars of equal scale; a step is a button that filters the list below. */
export function Funnel({ model, onFilter }: { model: FunnelModel; onFilter: (step: FunnelKey) => void }) {
  const most = Math.max(1, model.steps[0]?.count ?? 1);
  return (
    <div>
      <ol className="grid grid-cols-1 gap-y-0.5">
        {model.steps.map((step) => (
          <li key={step.key}>
            <button
              type="button"
              onClick={() => onFilter(step.key)}
              title={`${step.label}: ${step.explanation}`}
              className="grid w-full grid-cols-[6.25rem_1fr_2.25rem_3.75rem_3.75rem] items-center gap-x-2 rounded px-1 py-0.5 text-left hover:bg-sunken"
            >
              <span>
                <span className="mr-1.5 inline-block w-3 font-mono text-xs text-ink-faint">{step.letter}</span>
                {step.label}
              </span>
              <span className="relative block h-3.5 bg-sunken" aria-hidden>
                <span className="absolute inset-y-0 left-0 bg-mark" style={{ width: `${((step.count ?? 0) / most) * 100}%` }} />
                {step.key === "generated" && model.pending > 0 ? (
                  <span
                    className="absolute inset-y-0 border border-mark-quiet bg-panel"
                    style={{
                      right: `${100 - ((step.count ?? 0) / most) * 100}%`,
                      width: `${(model.pending / most) * 100}%`,
                      backgroundImage: "repeating-linear-gradient(45deg, var(--mark-quiet) 0 1.5px, transparent 1.5px 5px)",
                    }}
                  />
                ) : null}
              </span>
              <span className="text-right font-semibold">{step.count === null ? <span className="font-normal text-ink-faint">open</span> : formatCount(step.count)}</span>
              <span className="text-right text-xs text-ink-soft">{step.ofPrevious === null ? "–" : formatPercent(step.ofPrevious)}</span>
              <span className="text-right text-xs text-ink-soft">{step.ofGenerated === null ? "–" : formatPercent(step.ofGenerated)}</span>
            </button>
          </li>
        ))}
      </ol>
      <p className="mt-1 grid grid-cols-[6.25rem_1fr_2.25rem_3.75rem_3.75rem] gap-x-2 px-1 text-right text-xs text-ink-faint" aria-hidden>
        <span className="col-span-2 text-left">{model.pending > 0 ? "hatched: pending" : ""}</span>
        <span>n</span>
        <span>of prev.</span>
        <span>of G</span>
      </p>
    </div>
  );
}
