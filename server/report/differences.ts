import { type NoveltyTests, presets, type RunConfig } from "../contract";
import { count, percent, plural, tellValue } from "./format";
import type { PaperDifference, Report } from "./views";

type Recipe = Report["recipe"];

interface Aspect {
  aspect: string;
  /** Says it of a configuration: of the preset `paper`, and of the run. */
  tell: (config: RunConfig) => string;
  /** Without fine-tuning it means nothing. */
  training?: true;
}

/** What the paper's settings say and a run may say otherwise. Seeds, addresses and what only affects speed are left out. */
const aspects: readonly Aspect[] = [
  { aspect: "cycles", tell: ({ cycles }) => count(cycles) },
  { aspect: "programs a cycle", tell: ({ candidates_per_cycle: candidates, loop }) => `${count(candidates)}${loop.cycle_minutes === 0 ? "" : `, or what ${tellValue(loop.cycle_minutes)} minutes give`}` },
  { aspect: "model", tell: tellModel },
  { aspect: "weights", tell: ({ backend, generation }) => (backend === "transformers" ? generation.quantization : "the backend's own") },
  { aspect: "corpus", tell: (config) => (config.corpus_version === presets.paper.corpus_version ? "LEMUR" : config.corpus_version) },
  { aspect: "sampling", tell: ({ generation: { temperature, top_p: p, top_k: k } }) => `temperature ${temperature}, top-p ${p}, top-k ${k === 0 ? "off" : k}` },
  { aspect: "novelty", tell: tellNovelty },
  { aspect: "accuracy of a winner", tell: ({ selection: { threshold, quantile } }) => `at least ${percent(threshold)}${quantile === 0 ? "" : `, or the cycle's ${percent(quantile)} quantile where that is higher`}` },
  { aspect: "fine-tuning", tell: (config) => (config.fine_tuning ? "after every cycle but the last" : "off: every cycle is written by the base model") },
  { aspect: "fallback", training: true, tell: ({ selection }) => `up to ${selection.min_selected} selected, from ${percent(selection.floor)} on` },
  { aspect: "what it trains on", training: true, tell: tellPairs },
  { aspect: "adapter", training: true, tell: ({ loop, lora }) => `${loop.adapter}, rank ${lora.rank}, alpha ${lora.alpha}, dropout ${lora.dropout}` },
  { aspect: "layers with an adapter", training: true, tell: ({ lora }) => lora.target_modules.join(", ") },
  { aspect: "learning rate", training: true, tell: ({ lora }) => `${lora.learning_rate}, ${lora.schedule}, ${plural(lora.warmup_steps, "warm-up step")}` },
  { aspect: "weight decay", training: true, tell: ({ lora }) => String(lora.weight_decay) },
  { aspect: "batch", training: true, tell: ({ lora }) => `${lora.batch_size} x ${lora.gradient_accumulation} accumulated${lora.packing ? ", packed" : ""}` },
  { aspect: "length of a fine-tuning", training: true, tell: tellLength },
  { aspect: "collapse", tell: ({ loop }) => (loop.stop_on_collapse ? "ends the run" : "is said") },
];

/** In which settings a run differs from the paper's; one that was started from the preset `paper` unchanged differs in none. */
export function findDifferences(config: RunConfig, recipe: Recipe): PaperDifference[] {
  const settings = aspects
    .filter(({ training }) => training === undefined || config.fine_tuning)
    .map(({ aspect, tell }) => ({ aspect, paper: tell(presets.paper), here: tell(config) }));
  return [...findDataDifference(config, recipe), ...settings].filter(({ paper, here }) => paper !== here);
}

function findDataDifference(config: RunConfig, recipe: Recipe): PaperDifference[] {
  if (config.recipe === presets.paper.recipe) return [];
  const paper = "CIFAR-10 at 3x256x256 with random flips, one epoch of SGD at 0.01 with momentum 0.9, batches of 16";
  return [{ aspect: "data and evaluation", paper, here: tellRecipe(config, recipe) }];
}

function tellRecipe({ recipe: name }: RunConfig, recipe: Recipe): string {
  if (recipe === null) return `recipe ${name}`;
  return `recipe ${name}, ${recipe.description.replace(/\.$/, "")}: images of ${recipe.in_shape.join("x")}, ${plural(recipe.classes, "class", "classes")}, batches of ${recipe.batch_size}`;
}

function tellModel({ backend, model }: RunConfig): string {
  if (backend === "grammar") return "none: random networks of the starter's grammar";
  if (backend === "server") return `${model}, behind a server`;
  if (model === "starter") return "starter, a Llama of 853,120 parameters that knows one seeded grammar of networks and nothing else";
  return model === presets.paper.model ? `${model}, 7 billion parameters` : model;
}

const tests: Record<NoveltyTests, string> = {
  text: "by text",
  structure: "by the traced structure",
  text_and_structure: "by text and by the traced structure",
};

function tellNovelty({ novelty }: RunConfig): string {
  const where = novelty.tests === "structure" ? "" : `, similarity below ${novelty.threshold}`;
  return `${tests[novelty.tests]}${where}${novelty.filter ? "" : "; the filter is off, so copies may win"}`;
}

function tellPairs({ loop }: RunConfig): string {
  const share = loop.replay_share;
  const corpus = share === 0 ? "without the corpus" : share === 1 ? "and all training pairs of the corpus" : `and pairs of the corpus, ${percent(share)} of all`;
  return `everything selected so far, ${corpus}`;
}

function tellLength({ lora }: RunConfig): string {
  if (lora.epochs > 0) return `${plural(lora.epochs, "pass", "passes")} over all pairs`;
  return `${tellValue(lora.steps_per_pair)} steps for each pair, at most ${count(lora.max_steps)}`;
}

/** What holds in every run of Archloom, whatever its settings, and a reader of the paper might not expect. */
export function listHouseRules({ novelty }: RunConfig): string[] {
  return [
    "The test images are halved: everything is chosen on the selection split, and nothing is ever chosen on the report split. Accuracies are of the selection split unless the report split is named.",
    "One epoch is offered, not enforced: a network that trains itself is handed the data once and may use them as it likes within a time limit. Batches delivered and CPU seconds are stored with each evaluation.",
    "The first evaluation of a program decides its figures; re-runs add evaluations and change none. Programs that were cancelled or lost with a worker are in no rate.",
    "Programs run in a jail, under the recipe's limits on parameters, multiply-adds, memory and time; one that exceeds them is not valid.",
    ...(novelty.tests === "structure"
      ? []
      : ["The similarity of two programs is the exact Jaccard index of their 7-token shingles, without the frame that all programs share. The paper's estimate (MinHash of 128 permutations, standard error 3 points at 0.85) is shown beside each program and decides nothing."]),
    ...(novelty.tests === "text" ? [] : ["A program with the traced graph of an earlier one is a copy, whatever its names and layout; the paper compares text."]),
    "The prompt templates that come with Archloom are in its own words, not in the paper's; the one used is printed above.",
  ];
}
