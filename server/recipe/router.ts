import { procedure, router } from "../trpc/init";
import { listRecipes } from "./list";

export const recipeRouter = router({
  list: procedure.query(({ ctx }) => listRecipes(ctx.db)),
});
