import type { RunConfig } from "./run-config";

const starter: RunConfig = {
  preset: "starter",
  seed: 0,
  cycles: 6,
  candidates_per_cycle: 48,
  backend: "transformers",
  model: "starter",
  server_url: "",
  prompt: { template: "starter@1", novelty_wishes: "" },
  recipe: "digits",
  corpus_version: "starter-1",
  evaluation_seed: 0,
  fine_tuning: true,
  generation: { batch_size: 16, temperature: 0.9, top_p: 1, top_k: 0, max_new_tokens: 512, quantization: "auto" },
  novelty: { filter: true, threshold: 0.85, tests: "text_and_structure" },
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
    epochs: 0,
    packing: false,
  },
  loop: { adapter: "fresh", replay_share: 0, cycle_minutes: 0, stop_on_collapse: false },
};

/** As arXiv 2601.02997 gives them; see design notes in ARCHITECTURE.md for what it leaves open. */
const paper: RunConfig = {
  ...starter,
  preset: "paper",
  cycles: 22,
  candidates_per_cycle: 150,
  model: "deepseek-ai/deepseek-coder-7b-instruct-v1.5",
  prompt: {
    template: "instruct@1",
    novelty_wishes: "Combine layers, connections and attention in a way that none of the well-known architectures does.",
  },
  recipe: "cifar10-paper",
  corpus_version: "lemur",
  generation: { batch_size: 8, temperature: 0.2, top_p: 0.9, top_k: 50, max_new_tokens: 4096, quantization: "nf4" },
  novelty: { filter: true, threshold: 0.85, tests: "text" },
  selection: { threshold: 0.4, quantile: 0, min_selected: 15, floor: 0.35 },
  lora: {
    rank: 32,
    alpha: 32,
    dropout: 0.05,
    target_modules: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
    learning_rate: 1e-5,
    schedule: "cosine",
    warmup_steps: 20,
    weight_decay: 0.01,
    batch_size: 1,
    gradient_accumulation: 8,
    max_steps: 100_000,
    steps_per_pair: 1,
    epochs: 5,
    packing: false,
  },
  loop: { adapter: "fresh", replay_share: 1, cycle_minutes: 0, stop_on_collapse: false },
};

/** Starting points of the form and of `run start --preset`. Measured; see "The learning table" in the README. */
export const presets = {
  starter,
  "starter-22": { ...starter, preset: "starter-22", cycles: 22, generation: { ...starter.generation, temperature: 0.95 } },
  quick: { ...starter, preset: "quick", cycles: 2, candidates_per_cycle: 8, generation: { ...starter.generation, batch_size: 4 } },
  paper,
} as const satisfies Record<string, RunConfig>;

export type PresetName = keyof typeof presets;

export const presetDescriptions: Record<PresetName, string> = {
  starter: "Six cycles of 48 networks: enough to see the model learn, with intervals.",
  "starter-22": "Twenty-two cycles of 48 networks, as many cycles as in the paper: does it keep inventing?",
  quick: "Two cycles of 8 networks: see every stage once.",
  paper: "The paper's settings: a 7B model, CIFAR-10 at 256 pixels, 22 cycles of 150. Needs a CUDA card, the model, the data and the corpus lemur.",
};

export const isPresetName = (name: string): name is PresetName => Object.hasOwn(presets, name);
