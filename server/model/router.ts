import { procedure, router } from "../trpc/init";
import { checkModel } from "./check";
import { checkModelSchema } from "./check-input";

export const modelRouter = router({
  check: procedure.input(checkModelSchema).mutation(({ ctx, input }) => checkModel(ctx.db, input)),
});
