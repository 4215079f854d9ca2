"use client";

import type { SecondsRange } from "../../server/run/views";
import { formatRange } from "../run/prepare-stages";
import { Button } from "../ui/button";
import { formatCount, plural } from "../ui/format";
import type { StudyPlan } from "./study-draft";

interface PlanSummaryProps {
  plan: StudyPlan;
  /** Null = nothing like it was measured, undefined = not known yet. */
  estimate: SecondsRange | null | undefined;
  /** What the server refused, in its words. */
  refusal: string | null;
  /** Start was pressed and something is still to be corrected. */
  incomplete: boolean;
  pending: boolean;
}

/** How many runs, how many programs, how long: before anything is started. */
export function PlanSummary({ plan, estimate, refusal, incomplete, pending }: PlanSummaryProps) {
  const { runs, programs, seeds, arms, problem } = plan;
  return (
    <section aria-label="What will be started" className="rounded border border-edge bg-panel p-4 xl:sticky xl:top-16">
      <div aria-live="polite">
        <p className="text-xl font-semibold">
          {runs === null ? "–" : plural(runs, "run")}
          <span className="ml-2 text-sm font-normal text-ink-soft">
            {runs === null ? "" : `${plural(arms.length, "arm")} × ${plural(seeds?.length ?? 0, "seed")}, ${formatCount(programs ?? 0)} programs`}
          </span>
        </p>
        <p className="mt-1 min-h-10 text-ink-soft">
          {runs === null ? (
            "Something above is still to be corrected."
          ) : estimate === undefined ? (
            "Estimating the time…"
          ) : estimate === null ? (
            "How long it takes is not known: nothing like it has been measured on this machine."
          ) : (
            <>
              <strong className="block font-semibold text-ink">About {formatRange(estimate)}, one run after the other</strong>
              <span className="text-xs">{estimate.basis}</span>
            </>
          )}
        </p>
      </div>
      <p className="mt-2 text-xs text-ink-soft">
        All runs are created at once and served seed by seed, so that the arms can be compared from the first finished seed on.
      </p>
      {problem === null && refusal === null ? null : (
        <p role="alert" className="mt-3 border-l-4 border-bad px-3 py-1">
          {problem ?? refusal}
        </p>
      )}
      {incomplete && problem === null && refusal === null ? <p className="mt-3 font-semibold text-bad">Please correct what is marked.</p> : null}
      <Button type="submit" look="solid" pending={pending} className="mt-4 min-h-9 w-full">
        {pending ? "Starting…" : "Start the study"}
      </Button>
    </section>
  );
}
