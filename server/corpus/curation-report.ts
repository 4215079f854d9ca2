import { z } from "zod";

import { corpusSplits } from "../contract";

const count = z.int().min(0);
const split = z.enum(corpusSplits);

/** Networks left out that are named; there may be thousands. */
const namedDropped = 200;

/** What the worker's curation stores with a corpus (CurationReport in its corpus/curation/report.py). */
const curationReportSchema = z.object({
  read: count,
  base: count,
  kept: count,
  exact_duplicates: count,
  near_duplicates: count,
  duplicates_of_base: count,
  shingle_tokens: count,
  near_jaccard: z.number(),
  family_jaccard: z.number(),
  seed: count,
  families: count,
  /** Size of a family -> how many have it. */
  family_sizes: z.record(z.string(), count),
  largest_families: z.array(z.object({ family: z.string(), size: count, split, members: z.array(z.string()) })),
  broad_prefixes: z.array(z.string()),
  splits: z.record(split, count),
  largest_duplicate_groups: z.array(z.object({ key: z.string(), name: z.string().nullable(), dropped: count })),
  dropped: z
    .array(z.object({ key: z.string(), name: z.string().nullable(), duplicate_of: z.string(), kind: z.enum(["exact", "near"]), jaccard: z.number() }))
    .transform((dropped) => dropped.slice(0, namedDropped)),
});
export type CurationReport = z.infer<typeof curationReportSchema>;

/** Null for none, and for one of another version of the worker. */
export const toCurationReport = (stored: unknown): CurationReport | null => curationReportSchema.safeParse(stored).data ?? null;
