import { z } from "zod";

import { taskIdSchema, taskKinds } from "../contract";
import { procedure, router } from "../trpc/init";
import { cancelTask } from "./cancel";
import { getTask, listTasks } from "./read";

const byId = z.object({ id: taskIdSchema }).strict();

export const taskRouter = router({
  get: procedure.input(byId).query(({ ctx, input }) => getTask(ctx.db, input.id)),
  /** The newest twenty. */
  list: procedure
    .input(z.object({ kinds: z.array(z.enum(taskKinds)).max(taskKinds.length).optional() }).strict().optional())
    .query(({ ctx, input }) => listTasks(ctx.db, input?.kinds)),
  cancel: procedure.input(byId).mutation(({ ctx, input }) => cancelTask(ctx.db, input.id)),
});
