import { z } from "zod";

import { comparisonSpans } from "../contract/statistics";
import { studyIdSchema } from "../contract";
import { runNameSchema } from "../run/start-input";
import { procedure, router } from "../trpc/init";
import { compareStudy } from "./compare";
import { deleteStudy } from "./delete";
import { exportFormats, exportStudy } from "./export";
import { getStudy } from "./get";
import { listStudies } from "./list";
import { renameStudy } from "./rename";
import { setStudyDesired } from "./set-desired";
import { startStudy } from "./start";
import { startStudySchema } from "./start-input";

const byId = z.object({ id: studyIdSchema });
const spanned = byId.extend({ span: z.enum(comparisonSpans).default("last_cycle") });

export const studyRouter = router({
  list: procedure.query(({ ctx }) => listStudies(ctx.db)),
  get: procedure.input(byId).query(({ ctx, input }) => getStudy(ctx.db, input.id)),
  /** Heavier than `get`: figures and differences of all judged cycles. */
  compare: procedure.input(spanned).query(({ ctx, input }) => compareStudy(ctx.db, input.id, input.span)),
  export: procedure
    .input(spanned.extend({ format: z.enum(exportFormats) }))
    .query(({ ctx, input }) => exportStudy(ctx.db, input.id, input.span, input.format)),
  start: procedure.input(startStudySchema).mutation(({ ctx, input }) => startStudy(ctx.db, input)),
  pause: procedure.input(byId).mutation(({ ctx, input }) => setStudyDesired(ctx.db, input.id, "pause")),
  resume: procedure.input(byId).mutation(({ ctx, input }) => setStudyDesired(ctx.db, input.id, "run")),
  cancel: procedure.input(byId).mutation(({ ctx, input }) => setStudyDesired(ctx.db, input.id, "cancel")),
  rename: procedure
    .input(byId.extend({ name: runNameSchema }))
    .mutation(({ ctx, input }) => renameStudy(ctx.db, input.id, input.name)),
  delete: procedure
    .input(byId.extend({ runs: z.enum(["keep", "delete"]) }))
    .mutation(({ ctx, input }) => deleteStudy(ctx.db, input.id, input.runs)),
});
