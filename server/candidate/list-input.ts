import { z } from "zod";

import { candidateStates, outcomes, runConfigSchema, runIdSchema } from "../contract";

export const candidateSorts = ["id", "accuracy", "report_accuracy", "jaccard", "parameters", "tokens", "train_seconds"] as const;
export type CandidateSort = (typeof candidateSorts)[number];

export const listCandidatesSchema = z
  .object({
    run: runIdSchema.optional(),
    cycle: z.int().min(0).max(999_999).optional(),
    outcome: z.array(z.enum(outcomes)).max(outcomes.length).optional(),
    state: z.enum(candidateStates).optional(),
    novel: z.boolean().optional(),
    selected: z.boolean().optional(),
    min_accuracy: z.number().min(0).max(1).optional(),
    /** Candidates without the value come last in both directions. */
    sort: z.enum(candidateSorts).default("id"),
    direction: z.enum(["ascending", "descending"]).default("ascending"),
    /** A page may hold a whole cycle: the wall shows all of it. */
    limit: z.int().min(1).max(runConfigSchema.shape.candidates_per_cycle.maxValue ?? 1000).default(100),
    cursor: z.string().max(200).nullish(),
  })
  .strict();
export type ListCandidatesInput = z.infer<typeof listCandidatesSchema>;
