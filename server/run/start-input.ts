import { z } from "zod";

import { runIdSchema } from "../contract";

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
    name: z.string().trim().min(1).max(120).optional(),
  })
  .strict();
export type StartRunInput = z.infer<typeof startRunSchema>;
