import { z } from "zod";

import { corpusVersionSchema, fileIdSchema, recipeNameSchema, runIdSchema } from "../contract";

/** A file that was sent, the nn-dataset package of the worker's environment, or the winners of a run. */
const sourceSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("file"), file: fileIdSchema }).strict(),
  z.object({ type: z.literal("nn_dataset") }).strict(),
  z.object({ type: z.literal("run"), run: runIdSchema }).strict(),
]);

export const checkCorpusSchema = z
  .object({
    source: sourceSchema,
    /** Networks must build for its images and classes. */
    recipe: recipeNameSchema,
    /** Copies of its entries are duplicates, and they come first in what is imported. */
    base_version: corpusVersionSchema.nullish(),
  })
  .strict();
export type CheckCorpusInput = z.infer<typeof checkCorpusSchema>;
