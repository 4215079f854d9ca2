import { z } from "zod";

import { previewPromptArgsSchema, promptKinds, promptNameSchema } from "../contract";

export const savePromptSchema = z
  .object({
    name: promptNameSchema,
    kind: z.enum(promptKinds),
    system: previewPromptArgsSchema.shape.system,
    text: previewPromptArgsSchema.shape.text,
    /** The version that was edited; null = the name must be new. Omitted: whatever there is. */
    base_version: z.int().min(1).nullable().optional(),
  })
  .strict();
export type SavePromptInput = z.infer<typeof savePromptSchema>;
