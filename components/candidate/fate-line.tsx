import { Check, CircleDashed, Minus, X } from "lucide-react";

import { classNames } from "../ui/class-names";
import type { FateState, FateStep } from "./prepare-fate";

const looks: Record<FateState, { icon: typeof Check; word: string; color: string }> = {
  yes: { icon: Check, word: "yes", color: "text-accent" },
  no: { icon: X, word: "no", color: "text-ink-soft" },
  pending: { icon: CircleDashed, word: "not decided yet", color: "text-warn" },
  skipped: { icon: Minus, word: "not reached", color: "text-ink-faint" },
};

/** Written, parsed, built, valid, novel, selected: how far this program came. */
export function FateLine({ steps }: { steps: FateStep[] }) {
  return (
    <ol className="grid grid-cols-3 overflow-hidden rounded border border-edge bg-panel sm:grid-cols-6" aria-label="Fate of this program">
      {steps.map((step) => {
        const { icon: Icon, word, color } = looks[step.state];
        return (
          <li key={step.label} className="-mb-px min-w-0 border-r border-b border-edge px-3 py-2 last:border-r-0">
            <p className={classNames("flex items-center gap-1.5 font-semibold", step.state === "skipped" && "font-normal text-ink-faint")}>
              <Icon aria-hidden className={classNames("size-4 shrink-0", color, step.state === "no" && step.fault && "text-bad")} />
              {step.label}
              <span className="sr-only">: {word}</span>
            </p>
            <p className="min-h-4 pl-5.5 text-xs break-words text-ink-soft sm:truncate" title={step.note}>
              {step.note === "" && step.state === "skipped" ? "not reached" : step.note}
            </p>
          </li>
        );
      })}
    </ol>
  );
}
