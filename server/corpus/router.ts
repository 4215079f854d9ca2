import { z } from "zod";

import { corpusVersionSchema, taskIdSchema } from "../contract";
import { procedure, router } from "../trpc/init";
import { checkCorpus } from "./check";
import { checkCorpusSchema } from "./check-input";
import { deleteCorpus } from "./delete";
import { getEntry, listEntries } from "./entries";
import { listEntriesSchema } from "./entries-input";
import { exportNetworks, exportNetworksSchema } from "./export";
import { listFindings, listFindingsSchema } from "./findings";
import { getCorpus } from "./get";
import { getCheck } from "./get-check";
import { importCorpus, importCorpusSchema } from "./import";
import { listCorpora } from "./list";

const byVersion = z.object({ version: corpusVersionSchema }).strict();

export const corpusRouter = router({
  list: procedure.query(({ ctx }) => listCorpora(ctx.db)),
  get: procedure.input(byVersion).query(({ ctx, input }) => getCorpus(ctx.db, input.version)),
  entries: procedure.input(listEntriesSchema).query(({ ctx, input }) => listEntries(ctx.db, input)),
  entry: procedure
    .input(byVersion.extend({ position: z.int32().min(0) }))
    .query(({ ctx, input }) => getEntry(ctx.db, input.version, input.position)),
  check: procedure.input(checkCorpusSchema).mutation(({ ctx, input }) => checkCorpus(ctx.db, input)),
  getCheck: procedure.input(z.object({ check: taskIdSchema }).strict()).query(({ ctx, input }) => getCheck(ctx.db, input.check)),
  findings: procedure.input(listFindingsSchema).query(({ ctx, input }) => listFindings(ctx.db, input)),
  import: procedure.input(importCorpusSchema).mutation(({ ctx, input }) => importCorpus(ctx.db, input)),
  delete: procedure.input(byVersion).mutation(({ ctx, input }) => deleteCorpus(ctx.db, input.version)),
  export: procedure.input(exportNetworksSchema).mutation(({ ctx, input }) => exportNetworks(ctx.db, input)),
});
