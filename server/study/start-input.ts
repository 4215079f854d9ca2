import { z } from "zod";

import { runConfigSchema, studyLimits } from "../contract";
import { runNameSchema, startRunSchema } from "../run/start-input";

const changes = z.record(z.string(), z.unknown());

/**
 * What a study is started from: a preset or an earlier run, changed by `set`; the arms, each with its own changes after
 * that (the first is the one that the others are compared with); and the seeds that every arm is run with.
 */
export const startStudySchema = z
  .object({
    name: runNameSchema,
    preset: startRunSchema.shape.preset,
    source_run: startRunSchema.shape.source_run,
    set: changes.optional(),
    arms: z
      .array(z.object({ name: runNameSchema.max(60), set: changes.default({}) }).strict())
      .min(1)
      .max(studyLimits.arms),
    seeds: z.array(runConfigSchema.shape.seed).min(1).max(studyLimits.seeds),
  })
  .strict()
  .superRefine(({ arms, seeds }, context) => {
    const doubled = arms.findIndex(({ name }, at) => arms.findIndex((other) => other.name === name) < at);
    if (doubled > 0) context.addIssue({ code: "custom", path: ["arms", doubled, "name"], message: "an earlier arm has this name" });
    if (new Set(seeds).size < seeds.length) context.addIssue({ code: "custom", path: ["seeds"], message: "each seed may be there once" });
  });
export type StartStudyInput = z.infer<typeof startStudySchema>;
