import { fetchDataArgsSchema } from "../contract";
import { procedure, router } from "../trpc/init";
import { fetchData } from "./fetch";
import { listData } from "./list";

export const dataRouter = router({
  list: procedure.query(({ ctx }) => listData(ctx.db)),
  fetch: procedure.input(fetchDataArgsSchema.strict()).mutation(({ ctx, input }) => fetchData(ctx.db, input.dataset)),
});
