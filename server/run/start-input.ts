import { z } from "zod";

import { runIdSchema } from "../contract";

/** One line of text that PostgreSQL can hold: no NUL, no half of a character. */
export const runNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "control characters are not text");

/**
 * What a run may be started from: a preset (or an earlier run's configuration, `source_run`), changed by `config` and then
 * by `set`, whose keys are paths such as `generation.temperature`. The result must satisfy `runConfigSchema`.
 */
export const startRunSchema = z
  .object({
    preset: z.string().min(1).max(40).optional(),
    source_run: runIdSchema.optional(),
    config: z.record(z.string(), z.unknown()).optional(),
    set: z.record(z.string(), z.unknown()).optional(),
    name: runNameSchema.optional(),
  })
  .strict();
export type StartRunInput = z.infer<typeof startRunSchema>;
