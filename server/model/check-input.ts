import type { z } from "zod";

import { generationConfigSchema, loraConfigSchema, runConfigSchema } from "../contract/run-config";

/** The parts of a run's configuration that say which model is used, and how. */
export const checkModelSchema = runConfigSchema
  .pick({ backend: true, model: true, server_url: true, fine_tuning: true })
  .extend({
    generation: generationConfigSchema.pick({ quantization: true, batch_size: true, max_new_tokens: true }),
    lora: loraConfigSchema.pick({ rank: true, target_modules: true, batch_size: true }),
  })
  .strict();
export type CheckModelConfig = z.infer<typeof checkModelSchema>;
