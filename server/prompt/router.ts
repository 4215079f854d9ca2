import { z } from "zod";

import { previewPromptArgsSchema, promptNameSchema } from "../contract";
import { procedure, router } from "../trpc/init";
import { setPromptArchived } from "./archive";
import { getPrompt } from "./get";
import { listPrompts } from "./list";
import { previewPrompt } from "./preview";
import { savePrompt } from "./save";
import { savePromptSchema } from "./save-input";

const byName = z.object({ name: promptNameSchema }).strict();

export const promptRouter = router({
  list: procedure.query(({ ctx }) => listPrompts(ctx.db)),
  get: procedure.input(byName).query(({ ctx, input }) => getPrompt(ctx.db, input.name)),
  save: procedure.input(savePromptSchema).mutation(({ ctx, input }) => savePrompt(ctx.db, input)),
  archive: procedure.input(byName).mutation(({ ctx, input }) => setPromptArchived(ctx.db, input.name, true)),
  restore: procedure.input(byName).mutation(({ ctx, input }) => setPromptArchived(ctx.db, input.name, false)),
  preview: procedure.input(previewPromptArgsSchema.strict()).mutation(({ ctx, input }) => previewPrompt(ctx.db, input)),
});
