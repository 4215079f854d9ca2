import { sql } from "drizzle-orm";

import type { RunConfig } from "../contract";
import { quantile } from "../contract/statistics";
import { type Database, selectRows } from "../db/client";
import type { SecondsRange } from "./views";

/** Seconds one candidate (written and evaluated) and one fine-tuning step take, low and high. */
interface Pace {
  candidate: [number, number];
  step: [number, number];
}

/**
 * Of the `starter` model and `digits` recipe where nothing has been measured yet: 48 candidates took 10-15 s and 60 steps
 * 9-16 s on two cores without a GPU, doubled on the high side for slower or busy machines.
 */
const typicalPace: Pace = { candidate: [0.2, 0.6], step: [0.15, 0.5] };

/** Fewer finished cycles than this say nothing about the next. */
const minCycles = 2;

/** How many of the newest cycles count: machines and versions change. */
const maxCycles = 100;

/** Wall seconds a run of this configuration will take when nothing else runs, from this machine's finished cycles. */
export async function estimateRun(db: Database, config: RunConfig): Promise<SecondsRange> {
  const measured = await readPaces(db, config);
  const candidates = measured.map((cycle) => cycle.per_candidate);
  const steps = measured.flatMap((cycle) => cycle.per_step ?? []);
  if (candidates.length < minCycles) return toRange(config, typicalPace, "typical for two cores without a GPU");
  return toRange(
    config,
    { candidate: toSpread(candidates), step: steps.length < minCycles ? typicalPace.step : toSpread(steps) },
    `measured on this machine, ${candidates.length} cycles`,
  );
}

/** The middle 80 % of what was measured. */
function toSpread(values: readonly number[]): [number, number] {
  return [quantile(values, 0.1) ?? 0, quantile(values, 0.9) ?? 0];
}

function toRange(config: RunConfig, pace: Pace, basis: string): SecondsRange {
  const candidates = config.cycles * config.candidates_per_cycle;
  const [fewest, most] = toStepRange(config);
  return {
    seconds_low: candidates * pace.candidate[0] + fewest * pace.step[0],
    seconds_high: candidates * pace.candidate[1] + most * pace.step[1],
    basis,
  };
}

/** Optimiser steps of all fine-tunings: every cycle fills up to `min_selected`, or all its candidates are selected. */
function toStepRange(config: RunConfig): [number, number] {
  if (!config.fine_tuning) return [0, 0];
  const stepsOver = (pairsPerCycle: number) => {
    let steps = 0;
    for (let number = 1; number < config.cycles; number += 1) {
      steps += Math.min(config.lora.max_steps, Math.ceil(config.lora.steps_per_pair * pairsPerCycle * number));
    }
    return steps;
  };
  const fewest = Math.min(config.selection.min_selected, config.candidates_per_cycle);
  return [stepsOver(fewest), stepsOver(config.candidates_per_cycle)];
}

/** A cycle during which its run stood paused, or finished until cycles were added, says nothing about work. */
const readPaces = (db: Database, config: RunConfig) =>
  selectRows<{ per_candidate: number; per_step: number | null }>(
    db,
    sql`SELECT greatest(0, extract(epoch FROM cycle.ended_at
            - CASE cycle.number WHEN 0 THEN greatest(run.started_at, cycle.created_at) ELSE cycle.created_at END)
          - coalesce(adapter.seconds, 0))::float8 / (run.config->>'candidates_per_cycle')::int AS per_candidate,
        adapter.seconds / nullif(adapter.steps, 0) AS per_step
      FROM (SELECT cycle.* FROM cycle JOIN run ON run.id = cycle.run_id
          WHERE run.state IN ('running', 'paused', 'finished') AND cycle.stage = 'ended' AND run.started_at IS NOT NULL
            AND run.config->>'model' = ${config.model} AND run.config->>'recipe' = ${config.recipe}
          ORDER BY cycle.ended_at DESC LIMIT ${maxCycles}) cycle
        JOIN run ON run.id = cycle.run_id
        LEFT JOIN adapter ON adapter.run_id = cycle.run_id AND adapter.cycle = cycle.number AND adapter.state = 'ready'
      WHERE NOT EXISTS (SELECT FROM run_event e WHERE e.run_id = cycle.run_id AND e.type = 'run_state'
        AND e.payload->>'state' IN ('paused', 'finished') AND e.created_at >= cycle.created_at AND e.created_at < cycle.ended_at)`,
  );
