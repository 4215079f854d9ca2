/**
 * What happens in a run, in commit order: `run_event` rows and `generation_chunk` rows share one gap-free counter.
 * Events carry just enough to update a page in place; the figures themselves are always read from the tables.
 */
import { z } from "zod";

import { cycleStages, desiredStates, outcomes, runStates } from "./words";

const index = z.int().min(0);

export const runEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("run_state"), state: z.enum(runStates), desired: z.enum(desiredStates), error: z.string().nullable() }),
  z.object({ type: z.literal("cycle_opened"), cycle: index, has_adapter: z.boolean() }),
  z.object({ type: z.literal("cycle_stage"), cycle: index, stage: z.enum(cycleStages) }),
  z.object({ type: z.literal("batch_started"), cycle: index, batch: index, indexes: z.array(index) }),
  z.object({ type: z.literal("batch_ended"), cycle: index, batch: index, indexes: z.array(index), tokens: index }),
  z.object({ type: z.literal("candidate_evaluating"), cycle: index, index }),
  z.object({
    type: z.literal("candidate_ended"),
    cycle: index,
    index,
    outcome: z.enum(outcomes),
    accuracy: z.number().min(0).max(1).nullable(),
  }),
  z.object({ type: z.literal("evaluation_queued"), cycle: index, index, ordinal: index }),
  z.object({ type: z.literal("evaluation_started"), cycle: index, index, ordinal: index }),
  z.object({
    type: z.literal("evaluation_ended"),
    cycle: index,
    index,
    ordinal: index,
    outcome: z.enum(outcomes),
    accuracy: z.number().min(0).max(1).nullable(),
  }),
  z.object({ type: z.literal("selection_ended"), cycle: index, novel: index, winners: index, selected: index, threshold: z.number().nullable() }),
  z.object({
    type: z.literal("finetune_step"),
    cycle: index,
    step: index,
    total_steps: index,
    loss: z.number(),
  }),
  z.object({ type: z.literal("finetune_ended"), cycle: index, pairs: index, seconds: z.number() }),
  z.object({ type: z.literal("notice"), message: z.string() }),
]);

export type RunEvent = z.infer<typeof runEventSchema>;

/** Text added to programs being written: candidate index -> suffix. A newer attempt's first chunk replaces the text. */
export const chunkSchema = z.object({
  cycle: index,
  batch: index,
  attempt: z.int().min(1),
  suffixes: z.record(z.string().regex(/^\d+$/), z.string()),
});
export type Chunk = z.infer<typeof chunkSchema>;
