import { z } from "zod";

import { runIdSchema } from "../contract";
import { procedure, router } from "../trpc/init";
import { composeReport } from "./compose";
import { getReport } from "./get";

const byRun = z.object({ run: runIdSchema });

export const reportRouter = router({
  /** Every figure. */
  get: procedure.input(byRun).query(({ ctx, input }) => getReport(ctx.db, input.run)),
  /** What a reader meets: sections, tables and pictures. */
  page: procedure.input(byRun).query(async ({ ctx, input }) => composeReport(await getReport(ctx.db, input.run))),
});
