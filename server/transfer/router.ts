import { z } from "zod";

import { recipeNameSchema, runIdSchema } from "../contract";
import { procedure, router } from "../trpc/init";
import { cancelTransfer } from "./cancel";
import { getTransfers } from "./get";
import { startTransfer } from "./start";

export const transferRouter = router({
  get: procedure.input(z.object({ run: runIdSchema })).query(({ ctx, input }) => getTransfers(ctx.db, input.run)),
  start: procedure
    .input(z.object({ run: runIdSchema, recipe: recipeNameSchema, limit: z.int().min(1).max(200_000).optional() }))
    .mutation(({ ctx, input }) => startTransfer(ctx.db, input)),
  cancel: procedure
    .input(z.object({ run: runIdSchema, recipe: recipeNameSchema }))
    .mutation(({ ctx, input }) => cancelTransfer(ctx.db, input)),
});
