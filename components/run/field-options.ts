import type { AdapterMode, Quantization } from "../../server/contract/words";
import type { CorpusSummary } from "../../server/corpus/views";
import type { PromptSummary } from "../../server/prompt/views";
import type { RecipeView } from "../../server/recipe/views";
import type { FieldDescriptor } from "../../server/run/views";
import { promptKindLabels } from "../prompt/labels";
import { formatCount } from "../ui/format";
import type { FieldOption } from "./config-field";
import { backendLabels, noveltyTestsLabels } from "./labels";

const quantizationLabels: Record<Quantization, string> = {
  auto: "where it is needed",
  none: "never",
  nf4: "always (NF4)",
};

const adapterLabels: Record<AdapterMode, string> = {
  fresh: "fresh each time",
  continued: "continued",
};

const scheduleLabels: Record<string, string> = { cosine: "cosine to 0", constant: "constant" };

/** Words for the choices of a field, by path. */
const choiceLabels: Record<string, Record<string, string>> = {
  backend: backendLabels,
  "generation.quantization": quantizationLabels,
  "novelty.tests": noveltyTestsLabels,
  "lora.schedule": scheduleLabels,
  "loop.adapter": adapterLabels,
};

/** What a field's closed list of words offers; undefined for a field without one. */
export function toChoices({ path, options }: FieldDescriptor): FieldOption[] | undefined {
  return options?.map((value) => ({ value, label: choiceLabels[path]?.[value] ?? value }));
}

/** Recipes by name; those that cannot be used yet say why. */
export const toRecipeOptions = (recipes: readonly RecipeView[]): FieldOption[] =>
  recipes.map(({ name, data_state: state }) => ({ value: name, label: state === "ready" ? name : `${name} (data ${state})` }));

export const toCorpusOptions = (corpora: readonly CorpusSummary[]): FieldOption[] =>
  corpora.filter(({ state }) => state === "ready").map(({ version, entries }) => ({ value: version, label: `${version} (${formatCount(entries)} networks)` }));

/** Every version of what is offered, newest first, under its template's name. */
export const toTemplateOptions = (prompts: readonly PromptSummary[]): FieldOption[] =>
  prompts.flatMap(({ name, kind, offered }) =>
    offered.map((version) => ({ value: `${name}@${version}`, label: `${name}@${version}`, group: `${name}, ${promptKindLabels[kind]}` })),
  );
