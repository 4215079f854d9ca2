import { z } from "zod";

import { candidateIdSchema, evaluationIdSchema, runConfigSchema } from "../contract";
import { procedure, router } from "../trpc/init";
import { cancelEvaluation } from "./cancel-evaluation";
import { getCandidate } from "./get";
import { listCandidates } from "./list";
import { listCandidatesSchema } from "./list-input";
import { rerunCandidate } from "./rerun";

export const candidateRouter = router({
  list: procedure.input(listCandidatesSchema).query(({ ctx, input }) => listCandidates(ctx.db, input)),
  get: procedure.input(z.object({ id: candidateIdSchema })).query(({ ctx, input }) => getCandidate(ctx.db, input.id)),
  rerun: procedure
    .input(
      z.object({
        id: candidateIdSchema,
        /** Omitted: the seed of its first evaluation. */
        seed: runConfigSchema.shape.evaluation_seed.optional(),
        /** Queue another one although the same re-run is already waiting. */
        confirm: z.boolean().optional(),
      }),
    )
    .mutation(({ ctx, input }) => rerunCandidate(ctx.db, input)),
  cancelEvaluation: procedure
    .input(z.object({ id: evaluationIdSchema }))
    .mutation(({ ctx, input }) => cancelEvaluation(ctx.db, input.id)),
});
