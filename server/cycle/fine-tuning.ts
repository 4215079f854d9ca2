import { sql } from "drizzle-orm";

import type { FinetunePoint } from "../../drizzle/schema";
import type { AdapterState } from "../contract";
import { type Database, selectRows } from "../db/client";
import { groupBy } from "../group-by";
import type { FineTuning } from "./views";

interface AdapterRow {
  id: number;
  cycle: number;
  state: AdapterState;
  steps: number | null;
  tokens: number | null;
  seconds: number | null;
  points: FinetunePoint[] | null;
  pairs: number;
  replayed: number;
}

interface StepRow {
  cycle: number;
  step: number;
  total_steps: number;
  loss: number;
}

/**
 * Fine-tunings of a run by the cycle they follow. While one is under way its points come from its events; those of an
 * attempt that was lost are left out.
 */
export async function readFineTunings(db: Database, run: number): Promise<Map<number, FineTuning>> {
  const adapters = await selectRows<AdapterRow>(
    db,
    sql`SELECT id::int AS id, cycle, state, steps, tokens::float8 AS tokens, seconds, points,
        (SELECT count(*) FROM training_pair WHERE adapter_id = adapter.id)::int AS pairs,
        (SELECT count(corpus_entry_id) FROM training_pair WHERE adapter_id = adapter.id)::int AS replayed
      FROM adapter WHERE run_id = ${run} ORDER BY cycle`,
  );
  const steps = groupBy(await readSteps(db, run), (row) => row.cycle);
  return new Map(adapters.map((adapter) => [adapter.cycle, toFineTuning(adapter, steps.get(adapter.cycle) ?? [])]));
}

function toFineTuning(adapter: AdapterRow, steps: readonly StepRow[]): FineTuning {
  const attempt = steps.slice(findLastStart(steps));
  const last = attempt.at(-1);
  const known = { state: adapter.state, pairs: adapter.pairs, replayed: adapter.replayed, tokens: adapter.tokens, seconds: adapter.seconds };
  if (adapter.state === "ready" && adapter.points !== null) {
    const done = adapter.steps ?? adapter.points.length;
    return { ...known, steps: done, total_steps: done, points: adapter.points };
  }
  return {
    ...known,
    steps: last?.step ?? 0,
    total_steps: last?.total_steps ?? null,
    points: attempt.map(({ step, loss }) => ({ step, loss, learning_rate: null, grad_norm: null })),
  };
}

/** Where the newest attempt begins: the last place where the step does not grow. */
function findLastStart(steps: readonly StepRow[]): number {
  return Math.max(0, steps.findLastIndex((row, at) => row.step <= (steps[at - 1]?.step ?? -1)));
}

const readSteps = (db: Database, run: number) =>
  selectRows<StepRow>(
    db,
    sql`SELECT (payload->>'cycle')::int AS cycle, (payload->>'step')::int AS step,
        (payload->>'total_steps')::int AS total_steps, (payload->>'loss')::float8 AS loss
      FROM run_event WHERE run_id = ${run} AND type = 'finetune_step' ORDER BY seq`,
  );
