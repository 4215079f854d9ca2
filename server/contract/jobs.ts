/** Arguments of each kind of job. The run, cycle and evaluation a job belongs to are columns, not arguments. */
import { z } from "zod";

export const generateArgsSchema = z.object({
  batch: z.int().min(0),
  first_index: z.int().min(0),
  count: z.int().min(1),
});
