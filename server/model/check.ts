import type { CheckModelConfig } from "./check-input";
import type { Database } from "../db/client";
import { openTask } from "../task/open";

/** Opens a task that says what a model is, and whether it fits where a worker would load it for this use. */
export function checkModel(db: Database, config: CheckModelConfig): Promise<{ id: string }> {
  const { backend, model, server_url, fine_tuning, generation, lora } = config;
  return openTask(db, "check_model", {
    backend,
    model,
    server_url,
    quantization: generation.quantization,
    batch_size: generation.batch_size,
    max_new_tokens: generation.max_new_tokens,
    lora: fine_tuning ? { rank: lora.rank, target_modules: lora.target_modules, batch_size: lora.batch_size } : null,
  });
}
