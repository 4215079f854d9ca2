import { z } from "zod";

import { runConfigSchema, runIdSchema } from "../contract";
import { procedure, router } from "../trpc/init";
import { addCycles } from "./add-cycles";
import { deleteRun } from "./delete";
import { setDesired } from "./set-desired";
import { estimateRun } from "./estimate";
import { exportRun } from "./export";
import { findUnmet } from "./find-unmet";
import { getRun } from "./get";
import { listRuns } from "./list";
import { getPresets } from "./presets";
import { renameRun } from "./rename";
import { startRun } from "./start";
import { runNameSchema, startRunSchema } from "./start-input";

const byId = z.object({ id: runIdSchema });

export const runRouter = router({
  list: procedure.query(({ ctx }) => listRuns(ctx.db)),
  get: procedure.input(byId).query(({ ctx, input }) => getRun(ctx.db, input.id)),
  presets: procedure.query(({ ctx }) => getPresets(ctx.db)),
  /** What would keep a run of this configuration from being started. */
  check: procedure.input(z.object({ config: runConfigSchema })).query(({ ctx, input }) => findUnmet(ctx.db, input.config)),
  estimate: procedure
    .input(z.object({ config: runConfigSchema }))
    .query(({ ctx, input }) => estimateRun(ctx.db, input.config)),
  export: procedure.input(byId).query(({ ctx, input }) => exportRun(ctx.db, input.id)),
  start: procedure.input(startRunSchema).mutation(({ ctx, input }) => startRun(ctx.db, input)),
  pause: procedure.input(byId).mutation(({ ctx, input }) => setDesired(ctx.db, input.id, "pause")),
  resume: procedure.input(byId).mutation(({ ctx, input }) => setDesired(ctx.db, input.id, "run")),
  cancel: procedure.input(byId).mutation(({ ctx, input }) => setDesired(ctx.db, input.id, "cancel")),
  addCycles: procedure
    .input(byId.extend({ cycles: z.int().min(1).max(200) }))
    .mutation(({ ctx, input }) => addCycles(ctx.db, input.id, input.cycles)),
  rename: procedure
    .input(byId.extend({ name: runNameSchema }))
    .mutation(({ ctx, input }) => renameRun(ctx.db, input.id, input.name)),
  delete: procedure.input(byId).mutation(({ ctx, input }) => deleteRun(ctx.db, input.id)),
});
