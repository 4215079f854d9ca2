import { z } from "zod";

import { corpusSplits, corpusVersionSchema } from "../contract";

export const listEntriesSchema = z
  .object({
    version: corpusVersionSchema,
    /** A part of the name, or a place: `#812`. */
    search: z.string().trim().max(100).optional(),
    family: z.string().max(300).optional(),
    split: z.enum(corpusSplits).optional(),
    limit: z.int().min(1).max(500).default(50),
    /** Position of the last entry of the page before. */
    cursor: z.int32().min(0).nullish(),
  })
  .strict();
export type ListEntriesInput = z.infer<typeof listEntriesSchema>;
