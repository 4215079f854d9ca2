/**
 * Arguments, progress and results of tasks: work of a worker that belongs to no run, because only a worker has the
 * tokenizers, the jail and the data folder. A person starts one and watches it.
 */
import { z } from "zod";

import { corpusVersionSchema, recipeNameSchema } from "./ids";
import { storableText } from "./text";
import { backends, exportFormats, promptKinds, quantizations, type TaskKind } from "./words";

const count = z.int().min(0);

/** Where entries come from: a file a person sent, the nn-dataset package of the worker's environment, or a run. */
export const corpusSourceSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("file"), file: z.int().min(1) }),
  z.object({ type: z.literal("nn_dataset") }),
  z.object({ type: z.literal("run"), run: z.int().min(1) }),
]);
export type CorpusSource = z.infer<typeof corpusSourceSchema>;

export const checkCorpusArgsSchema = z.object({
  source: corpusSourceSchema,
  /** Networks must build for this recipe's images and classes. */
  recipe: recipeNameSchema,
  /** Copies of its entries are duplicates. */
  base_version: corpusVersionSchema.nullable(),
});

export const corpusCheckSchema = z.object({
  source: z.string(),
  entries: count,
  accepted: count,
  duplicates: count,
  rejected: count,
});
export type CorpusCheck = z.infer<typeof corpusCheckSchema>;

/** Makes a new corpus version of what a check accepted, after the entries of the base version. */
export const importCorpusArgsSchema = z.object({
  check: z.int().min(1),
  version: corpusVersionSchema,
  description: storableText(500),
  base_version: corpusVersionSchema.nullable(),
  seed: z.int().min(0).max(2_147_483_647),
});

export const corpusImportSchema = z.object({ version: corpusVersionSchema, entries: count });

/** Packs networks into a stored file: of a run its winners or all valid candidates, of a corpus all entries. */
export const exportNetworksArgsSchema = z.object({
  source: z.discriminatedUnion("type", [
    z.object({ type: z.literal("run"), run: z.int().min(1), which: z.enum(["winners", "valid"]) }),
    z.object({ type: z.literal("corpus"), version: corpusVersionSchema }),
  ]),
  format: z.enum(exportFormats),
});
export const exportedNetworksSchema = z.object({ file: z.int().min(1), name: z.string(), bytes: count, networks: count });
export type ExportedNetworks = z.infer<typeof exportedNetworksSchema>;

export const fetchDataArgsSchema = z.object({ dataset: storableText(40).min(1) });
export const fetchedDataSchema = z.object({ dataset: z.string(), bytes: count });

const modelArgsSchema = z.object({
  backend: z.enum(backends),
  model: storableText(500).min(1),
  server_url: storableText(500),
  quantization: z.enum(quantizations),
});
/** What the model is wanted for: programs written side by side, their longest, and the adapter (null = no fine-tuning). */
export const checkModelArgsSchema = modelArgsSchema.extend({
  batch_size: z.int().min(1),
  max_new_tokens: z.int().min(1),
  lora: z.object({ rank: z.int().min(1), target_modules: z.array(z.string()).min(1), batch_size: z.int().min(1) }).nullable(),
});

/** What is known of a model without loading its weights. Bytes are estimates; `sentence` says whether it will fit. */
export const modelCheckSchema = z.object({
  fits: z.boolean(),
  sentence: z.string(),
  architecture: z.string().nullable(),
  parameters: count.nullable(),
  vocabulary: count.nullable(),
  context_tokens: count.nullable(),
  has_chat_template: z.boolean().nullable(),
  dtype: z.string().nullable(),
  needed_bytes: count.nullable(),
  available_bytes: count.nullable(),
  device: z.string().nullable(),
  adapter_target_modules: z.array(z.string()),
});
export type ModelCheck = z.infer<typeof modelCheckSchema>;

export const previewPromptArgsSchema = modelArgsSchema.extend({
  kind: z.enum(promptKinds),
  system: storableText(20_000),
  text: storableText(20_000),
  recipe: recipeNameSchema,
  novelty_wishes: storableText(2000),
});

/** The exact text and tokens that a model of that name would be sent. */
export const promptPreviewSchema = z.object({
  text: z.string(),
  /** Empty for a server, which does not show them. `special`: written by the tokenizer or the template, not by a person. */
  tokens: z.array(z.object({ id: count, text: z.string(), special: z.boolean() })),
  context_tokens: count.nullable(),
  /** What a reader should know of this text: no chat template, the system message moved. Often empty. */
  note: z.string(),
});
export type PromptPreview = z.infer<typeof promptPreviewSchema>;

export const taskProgressSchema = z.object({
  done: count,
  total: count.nullable(),
  unit: z.string(),
  note: z.string(),
});
export type TaskProgress = z.infer<typeof taskProgressSchema>;

/** What a task leaves that was cancelled, to stand within a sentence. */
export const sayWhatRemains = (kind: TaskKind): string =>
  kind === "fetch_data" ? "what was fetched stays, and the next fetch goes on from there" : "nothing of it is kept";
