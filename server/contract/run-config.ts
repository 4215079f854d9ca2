/**
 * The frozen configuration of a run. Every field is bounded and explained here, once: the form shows `description`,
 * the server refuses what is outside, the worker reads the generated Python twin.
 */
import { z } from "zod";

const recipeNames = ["digits"] as const;
const modelNames = ["starter"] as const;
const corpusVersions = ["starter-1"] as const;

/** Linear layers of a Llama-shaped model that a LoRA adapter may train. */
const loraTargets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;

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
    max_new_tokens: z.int().min(16).max(4096).describe("A program longer than this is cut off, and will usually not parse."),
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
    target_modules: z.array(z.enum(loraTargets)).min(1).max(loraTargets.length).describe("Layers that get an adapter."),
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
  })
  .strict();

export const runConfigSchema = z
  .object({
    preset: z.string().min(1).max(40).describe("The preset this configuration started from."),
    seed: z.int().min(0).max(2_147_483_647).describe("Same seed, same machine, same versions: same programs and accuracies."),
    cycles: z.int().min(1).max(200).describe("Turns of the loop. n cycles have n - 1 fine-tunings; the last has none."),
    candidates_per_cycle: z.int().min(1).max(1000).describe("Programs written in each cycle. More gives narrower intervals."),
    model: z.enum(modelNames).describe("The language model that writes the programs."),
    recipe: z.enum(recipeNames).describe("How a program is trained and scored."),
    corpus_version: z.enum(corpusVersions).describe("Networks known before the run; a copy of one is not novel."),
    evaluation_seed: z.int().min(0).max(2_147_483_647).describe("Seed of each network's initial weights and batch order."),
    fine_tuning: z.boolean().describe("Off: every cycle is written by the base model (the frozen control)."),
    generation: generationConfigSchema,
    novelty: noveltyConfigSchema,
    selection: selectionConfigSchema,
    lora: loraConfigSchema,
  })
  .strict()
  .describe("Frozen configuration of a run");

export type RunConfig = z.infer<typeof runConfigSchema>;
