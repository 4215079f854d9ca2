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
const isTypical = ({ backend, model, recipe }: RunConfig) => recipe === "digits" && (backend === "grammar" || (backend === "transformers" && model === "starter"));

/** Fewer finished cycles than this say nothing about the next. */
const minCycles = 2;

/** How many of the newest cycles count: machines and versions change. */
const maxCycles = 100;

/**
 * Wall seconds a run of this configuration will take when nothing else runs, from this machine's finished cycles; null =
 * nothing like it has been measured.
 */
export async function estimateRun(db: Database, config: RunConfig): Promise<SecondsRange | null> {
  const measured = await readPaces(db, config);
  const steps = measured.flatMap((cycle) => cycle.per_step ?? []);
  const known = measured.length >= minCycles;
  if (!known && !isTypical(config)) return null;
  const pace = {
    candidate: known ? toSpread(measured.map(({ fewest }) => fewest), measured.map(({ most }) => most)) : typicalPace.candidate,
    step: steps.length >= minCycles ? toSpread(steps, steps) : typicalPace.step,
  };
  const basis = known ? `measured on this machine, ${measured.length} cycles` : "typical for two cores without a GPU";
  return toRange(config, pace, await countReplayable(db, config), basis);
}

/** The middle 80 % of what was measured. */
function toSpread(lowest: readonly number[], highest: readonly number[]): [number, number] {
  return [quantile(lowest, 0.1) ?? 0, quantile(highest, 0.9) ?? 0];
}

function toRange(config: RunConfig, pace: Pace, replayable: number, basis: string): SecondsRange {
  const candidates = config.cycles * config.candidates_per_cycle;
  const [fewest, most] = toStepRange(config, replayable);
  return {
    seconds_low: candidates * pace.candidate[0] + fewest * pace.step[0],
    seconds_high: candidates * pace.candidate[1] + most * pace.step[1],
    basis,
  };
}

/** Optimiser steps of all fine-tunings: every cycle fills up to `min_selected`, or all its candidates are selected. */
function toStepRange(config: RunConfig, replayable: number): [number, number] {
  if (!config.fine_tuning) return [0, 0];
  const stepsOver = (selectedPerCycle: number) => {
    let steps = 0;
    for (let number = 1; number < config.cycles; number += 1) steps += toSteps(config, selectedPerCycle * number, replayable);
    return steps;
  };
  const fewest = Math.min(config.selection.min_selected, config.candidates_per_cycle);
  return [stepsOver(fewest), stepsOver(config.candidates_per_cycle)];
}

/** Steps of one fine-tuning, as the worker counts them. */
function toSteps({ lora, loop }: RunConfig, selected: number, replayable: number): number {
  const { replay_share: share } = loop;
  const replayed = share === 1 ? replayable : Math.min(replayable, Math.round((selected * share) / (1 - share)));
  const pairs = selected + replayed;
  if (lora.epochs === 0) return Math.min(lora.max_steps, Math.ceil(lora.steps_per_pair * pairs));
  return lora.epochs * Math.ceil(Math.ceil(pairs / lora.batch_size) / lora.gradient_accumulation);
}

async function countReplayable(db: Database, { loop, corpus_version: version }: RunConfig): Promise<number> {
  if (loop.replay_share === 0) return 0;
  const [row] = await selectRows<{ n: number }>(
    db,
    sql`SELECT count(*)::int AS n FROM corpus_entry WHERE corpus_version = ${version} AND split = 'train'`,
  );
  return row?.n ?? 0;
}

/**
 * Seconds of work, not of the clock: a pause, or another run that is served in between, says nothing about this one. The
 * slots evaluate side by side, and evaluation overlaps writing, so a cycle takes between the longer of the two and both.
 */
const readPaces = (db: Database, { backend, model, recipe }: RunConfig) =>
  selectRows<{ fewest: number; most: number; per_step: number | null }>(
    db,
    sql`SELECT (greatest(writing, evaluating) + selecting) / planned AS fewest, (writing + evaluating + selecting) / planned AS most, per_step
      FROM (SELECT cycle.planned, cycle.generate_seconds AS writing, coalesce(cycle.select_seconds, 0) AS selecting,
          evaluated.seconds / greatest(1, evaluated.slots) AS evaluating, adapter.seconds / nullif(adapter.steps, 0) AS per_step
        FROM (SELECT cycle.* FROM cycle JOIN run ON run.id = cycle.run_id
            WHERE cycle.stage = 'ended' AND run.config->>'backend' = ${backend} AND run.config->>'model' = ${model}
              AND run.config->>'recipe' = ${recipe}
              AND NOT EXISTS (SELECT FROM candidate c WHERE c.run_id = cycle.run_id AND c.cycle = cycle.number
                AND c.outcome = 'cancelled')
            ORDER BY cycle.ended_at DESC LIMIT ${maxCycles}) cycle
          LEFT JOIN adapter ON adapter.run_id = cycle.run_id AND adapter.cycle = cycle.number AND adapter.state = 'ready'
          CROSS JOIN LATERAL (SELECT sum(e.wall_seconds) AS seconds,
              (SELECT sum(slots) FROM worker WHERE id = ANY (array_agg(e.worker_id))) AS slots
            FROM evaluation e JOIN candidate c ON c.id = e.candidate_id
            WHERE c.run_id = cycle.run_id AND c.cycle = cycle.number AND e.ordinal = 1) evaluated) measured
      WHERE evaluating IS NOT NULL`,
  );
