/** The parts of the start form, in the order in which a person decides: what the loop is made of, then how each step works. */
export interface ConfigGroup {
  title: string;
  /** What is decided here, in a sentence. */
  about: string;
  paths: readonly string[];
}

/** Always open: enough for most runs. */
export const basicPaths: readonly string[] = ["seed", "cycles", "candidates_per_cycle", "fine_tuning"];

export const configGroups: readonly ConfigGroup[] = [
  {
    title: "Model",
    about: "Who writes the programs. Check a model before a long run: it says what it needs and whether that is there.",
    paths: ["backend", "model", "server_url", "generation.quantization"],
  },
  {
    title: "Prompt",
    about: "What the model is asked for. A run keeps the version of the template that it used.",
    paths: ["prompt.template", "prompt.novelty_wishes"],
  },
  {
    title: "Recipe",
    about: "How a program is trained and scored.",
    paths: ["recipe", "evaluation_seed"],
  },
  {
    title: "Corpus",
    about: "Networks known before the run: a copy of one is not novel, and fine-tuning may train on them.",
    paths: ["corpus_version"],
  },
  {
    title: "Generation",
    about: "How the model chooses its tokens.",
    paths: ["generation.batch_size", "generation.temperature", "generation.top_p", "generation.top_k", "generation.max_new_tokens"],
  },
  {
    title: "Novelty",
    about: "What counts as a copy of the corpus or of an earlier program. A copy never wins and is never trained on, unless the filter is off.",
    paths: ["novelty.filter", "novelty.tests", "novelty.threshold"],
  },
  {
    title: "Selection",
    about: "Which programs the next model is trained on: winners, and the best of the rest where there are too few.",
    paths: ["selection.threshold", "selection.quantile", "selection.min_selected", "selection.floor"],
  },
  {
    title: "Fine-tuning (LoRA)",
    about: "How the adapter is trained after each cycle. With epochs above 0, as in the paper, the two limits of steps have no effect.",
    paths: [
      "lora.rank",
      "lora.alpha",
      "lora.dropout",
      "lora.target_modules",
      "lora.learning_rate",
      "lora.schedule",
      "lora.warmup_steps",
      "lora.weight_decay",
      "lora.batch_size",
      "lora.gradient_accumulation",
      "lora.epochs",
      "lora.max_steps",
      "lora.steps_per_pair",
      "lora.packing",
    ],
  },
  {
    title: "Loop",
    about: "What is carried from cycle to cycle, and what ends one early.",
    paths: ["loop.adapter", "loop.replay_share", "loop.cycle_minutes", "loop.stop_on_collapse"],
  },
];
