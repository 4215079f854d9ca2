"use client";

import { X } from "lucide-react";

import { type Outcome, outcomes } from "../../server/contract/words";
import type { RunDetail } from "../../server/run/views";
import { classNames } from "../ui/class-names";
import { outcomeLabels } from "./labels";
import { candidateSorts, type RunViewState, type SetRunView } from "./use-run-view";

interface CandidateFiltersProps {
  run: RunDetail;
  view: RunViewState;
  setView: SetRunView;
}

const sortLabels: Record<(typeof candidateSorts)[number], string> = {
  id: "order of writing",
  accuracy: "accuracy",
  report_accuracy: "report accuracy",
  jaccard: "similarity",
  parameters: "parameters",
  tokens: "tokens",
  train_seconds: "training time",
};

const field = "min-h-8 rounded border border-edge-strong bg-panel px-2";

/** Filters as controls, each of them in the URL; what is set can be taken away with one click. */
export function CandidateFilters({ run, view, setView }: CandidateFiltersProps) {
  const outcome = view.outcome?.length === 1 ? (view.outcome[0] ?? "") : view.outcome === null || view.outcome.length === 0 ? "" : "several";
  const any = view.cycle !== null || view.outcome !== null || view.novel !== null || view.selected !== null || view.state !== null;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-edge px-4 py-2">
      <select aria-label="Cycle" className={field} value={view.cycle ?? ""} onChange={(event) => setView({ cycle: event.target.value === "" ? null : Number(event.target.value) })}>
        <option value="">All cycles</option>
        {run.cycles.map((cycle) => (
          <option key={cycle.number} value={cycle.number}>
            Cycle {cycle.number}
          </option>
        ))}
      </select>
      <select
        aria-label="Outcome"
        className={field}
        value={outcome}
        onChange={(event) => {
          const chosen = outcomes.find((one) => one === event.target.value);
          setView({ outcome: chosen === undefined ? null : [chosen] });
        }}
      >
        <option value="">All outcomes</option>
        {outcome === "several" ? <option value="several">{view.outcome?.map((one) => outcomeLabels[one]).join(", ")}</option> : null}
        {outcomes.map((one: Outcome) => (
          <option key={one} value={one}>
            {outcomeLabels[one]}
          </option>
        ))}
      </select>
      <Toggle on={view.novel === true} onChange={(on) => setView({ novel: on ? true : null })}>
        novel
      </Toggle>
      <Toggle on={view.selected === true} onChange={(on) => setView({ selected: on ? true : null })}>
        selected
      </Toggle>
      {any ? (
        <button
          type="button"
          className="inline-flex min-h-8 items-center gap-1 px-1 text-accent hover:underline"
          onClick={() => setView({ cycle: null, outcome: null, novel: null, selected: null, state: null })}
        >
          <X aria-hidden className="size-3.5" />
          Clear filters
        </button>
      ) : null}
      <label className="ml-auto flex items-center gap-2 text-ink-soft max-sm:ml-0">
        Order
        <select
          className={classNames(field, "text-ink")}
          value={`${view.sort} ${view.direction}`}
          onChange={(event) => {
            const [name, direction] = event.target.value.split(" ");
            setView({
              sort: candidateSorts.find((sort) => sort === name) ?? null,
              direction: direction === "descending" ? "descending" : null,
            });
          }}
        >
          {candidateSorts.flatMap((sort) => [
            <option key={`${sort} a`} value={`${sort} ascending`}>
              {sortLabels[sort]}, {sort === "id" ? "oldest first" : "lowest first"}
            </option>,
            <option key={`${sort} d`} value={`${sort} descending`}>
              {sortLabels[sort]}, {sort === "id" ? "newest first" : "highest first"}
            </option>,
          ])}
        </select>
      </label>
    </div>
  );
}

function Toggle({ on, onChange, children }: { on: boolean; onChange: (on: boolean) => void; children: string }) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={() => onChange(!on)}
      className={classNames(
        "min-h-8 rounded border px-2.5",
        on ? "border-accent bg-accent-soft font-medium text-accent" : "border-edge-strong bg-panel text-ink-soft hover:bg-sunken",
      )}
    >
      {children}
    </button>
  );
}
