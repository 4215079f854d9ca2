/**
 * The frozen configuration of a run. Every field is bounded and explained here, once: the form shows `description`,
 * the server refuses what is outside, the worker reads the generated Python twin.
 */
import { z } from "zod";

import { corpusVersionSchema, promptTemplateIdSchema, recipeNameSchema } from "./ids";
import { storableText } from "./text";
import { adapterModes, backends, noveltyTests, quantizations } from "./words";

export const generationConfigSchema = z
  .object({
    batch_size: z
      .int()
      .min(1)
      .max(256)
      .describe("Programs written side by side. Evaluation of a batch starts as soon as it is written."),
    temperature: z
      .number()
      .min(0.05)
      .max(2)
      .describe("Higher writes more varied and more broken programs; lower repeats what the model knows."),
    top_p: z.number().gt(0).max(1).describe("Sample only from the most likely tokens that together reach this share. 1 = off."),
    top_k: z.int().min(0).max(1000).describe("Sample only from this many most likely tokens. 0 = off."),
    max_new_tokens: z.int().min(16).max(32_768).describe("A program longer than this is cut off, and will usually not parse."),
    quantization: z
      .enum(quantizations)
      .describe("4-bit weights (NF4) on a CUDA card. auto: only where 16-bit weights would fill the card."),
  })
  .strict();

export const noveltyConfigSchema = z
  .object({
    filter: z.boolean().describe("Off: near-duplicates may win and be trained on (ablation). Novelty is still measured."),
    threshold: z
      .number()
      .gt(0)
      .max(1)
      .describe("Novel = the most similar earlier program has a Jaccard similarity below this."),
    tests: z
      .enum(noveltyTests)
      .describe("What makes a copy: the text (Jaccard), the traced structure (equal graph, whatever the names), or either of them."),
  })
  .strict();

export const selectionConfigSchema = z
  .object({
    threshold: z.number().min(0).max(1).describe("A winner needs at least this accuracy on the selection split."),
    quantile: z
      .number()
      .min(0)
      .max(1)
      .describe("Raise the threshold to this quantile of the cycle's accuracies where that is higher. 0 = fixed threshold."),
    min_selected: z
      .int()
      .min(0)
      .max(1000)
      .describe("When a cycle has fewer winners, the best novel candidates above the floor fill up to this many."),
    floor: z.number().min(0).max(1).describe("Candidates below this accuracy never fill up."),
  })
  .strict();

export const loraConfigSchema = z
  .object({
    rank: z.int().min(1).max(256).describe("Rank of the adapter: how much the model can change."),
    alpha: z.int().min(1).max(1024).describe("Scale of the adapter; the update is multiplied by alpha / rank."),
    dropout: z.number().min(0).max(0.9).describe("Dropout inside the adapter while it is trained."),
    target_modules: z
      .array(z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/, "a layer's name has letters, digits, dots and dashes"))
      .min(1)
      .max(32)
      .describe("Layers that get an adapter, by name; all-linear = every linear layer but the output head."),
    learning_rate: z.number().gt(0).max(0.1).describe("Peak learning rate of AdamW."),
    schedule: z.enum(["cosine", "constant"]).describe("Learning rate after the warm-up."),
    warmup_steps: z.int().min(0).max(10_000).describe("Steps over which the learning rate rises from 0."),
    weight_decay: z.number().min(0).max(1).describe("Weight decay of AdamW."),
    batch_size: z.int().min(1).max(128).describe("Programs in one forward pass."),
    gradient_accumulation: z.int().min(1).max(128).describe("Forward passes in one optimiser step."),
    max_steps: z.int().min(1).max(100_000).describe("Upper limit of optimiser steps in one fine-tuning."),
    steps_per_pair: z
      .number()
      .gt(0)
      .max(1000)
      .describe("Optimiser steps for each training pair while the pool is small: steps = min(max steps, this x pairs)."),
    epochs: z.int().min(0).max(100).describe("Passes over all pairs in one fine-tuning. 0 = by steps (max steps, steps for each pair)."),
    packing: z.boolean().describe("Several pairs in one row, without seeing each other: less padding, the same loss."),
  })
  .strict();

export const loopConfigSchema = z
  .object({
    adapter: z
      .enum(adapterModes)
      .describe("fresh: each fine-tuning starts from the base model on everything selected so far. continued: from the last adapter."),
    replay_share: z
      .number()
      .min(0)
      .max(1)
      .describe("Share of the training pairs that comes from the corpus. 0 = none; 1 = all pairs of its training split beside the selected ones."),
    cycle_minutes: z
      .number()
      .min(0)
      .max(10_080)
      .describe("No further batch of a cycle is written after this many minutes. 0 = only the number of candidates counts."),
    stop_on_collapse: z
      .boolean()
      .describe("End the run when the valid rate or novelty has fallen below cycle 0 beyond chance in two cycles in a row. Off: it is only said."),
  })
  .strict();

export const promptConfigSchema = z
  .object({
    template: promptTemplateIdSchema.describe("The prompt template and its version, e.g. starter@1."),
    novelty_wishes: storableText(2000).describe("What the field {{novelty_wishes}} of the template becomes."),
  })
  .strict();

export const runConfigSchema = z
  .object({
    preset: z.string().min(1).max(40).describe("The preset this configuration started from."),
    seed: z.int().min(0).max(2_147_483_647).describe("Same seed, same machine, same versions: same programs and accuracies."),
    cycles: z.int().min(1).max(200).describe("Turns of the loop. n cycles have n - 1 fine-tunings; the last has none."),
    candidates_per_cycle: z.int().min(1).max(1000).describe("Programs written in each cycle. More gives narrower intervals."),
    backend: z
      .enum(backends)
      .describe("transformers: the worker loads the model. server: an OpenAI-compatible server writes. grammar: random networks without any model."),
    model: storableText(500)
      .min(1)
      .describe("starter, a Hugging Face name (org/model), a local folder or a .gguf file; for a server the name it serves the model under."),
    server_url: storableText(500).describe("Address of the server, e.g. http://127.0.0.1:8000/v1. Only for the backend server."),
    prompt: promptConfigSchema,
    recipe: recipeNameSchema.describe("How a program is trained and scored."),
    corpus_version: corpusVersionSchema.describe("Networks known before the run; a copy of one is not novel."),
    evaluation_seed: z.int().min(0).max(2_147_483_647).describe("Seed of each network's initial weights and batch order."),
    fine_tuning: z.boolean().describe("Off: every cycle is written by the base model (the frozen control)."),
    generation: generationConfigSchema,
    novelty: noveltyConfigSchema,
    selection: selectionConfigSchema,
    lora: loraConfigSchema,
    loop: loopConfigSchema,
  })
  .strict()
  .describe("Frozen configuration of a run");

export type RunConfig = z.infer<typeof runConfigSchema>;
