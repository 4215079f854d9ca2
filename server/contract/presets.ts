import type { RunConfig } from "./run-config";

const starter: RunConfig = {
  preset: "starter",
  seed: 0,
  cycles: 6,
  candidates_per_cycle: 48,
  model: "starter",
  recipe: "digits",
  corpus_version: "starter-1",
  evaluation_seed: 0,
  fine_tuning: true,
  generation: { batch_size: 16, temperature: 0.9, top_p: 1, top_k: 0, max_new_tokens: 512 },
  novelty: { filter: true, threshold: 0.85 },
  selection: { threshold: 0.4, quantile: 0.65, min_selected: 12, floor: 0.2 },
  lora: {
    rank: 32,
    alpha: 64,
    dropout: 0,
    target_modules: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
    learning_rate: 1e-3,
    schedule: "cosine",
    warmup_steps: 5,
    weight_decay: 0,
    batch_size: 8,
    gradient_accumulation: 1,
    max_steps: 40,
    steps_per_pair: 2,
  },
};

/** Starting points of the form and of `run start --preset`. Measured; see "The learning table" in the README. */
export const presets = {
  starter,
  quick: { ...starter, preset: "quick", cycles: 2, candidates_per_cycle: 8, generation: { ...starter.generation, batch_size: 4 } },
} as const satisfies Record<string, RunConfig>;

export type PresetName = keyof typeof presets;

export const presetDescriptions: Record<PresetName, string> = {
  starter: "Six cycles of 48 networks: enough to see the model learn, with intervals.",
  quick: "Two cycles of 8 networks: see every stage once.",
};

export const isPresetName = (name: string): name is PresetName => Object.hasOwn(presets, name);
