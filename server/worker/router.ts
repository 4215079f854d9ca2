import { procedure, router } from "../trpc/init";
import { listWorkers } from "./list";

export const workerRouter = router({
  list: procedure.query(({ ctx }) => listWorkers(ctx.db)),
});
