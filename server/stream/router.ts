import { tracked } from "@trpc/server";
import { z } from "zod";

import { runIdSchema, toRunId } from "../contract";
import { getRunRow } from "../run/find";
import { toTRPCError } from "../trpc/error";
import { procedure, router } from "../trpc/init";
import { findPosition } from "./position";
import { streamRun } from "./run";
import { streamRuns } from "./runs";
import type { RunStreamItem } from "./views";

/**
 * Gives every item its position, which a client that lost its connection hands back. Errors are translated here because
 * they come up after the procedure, and with it the middleware, has returned.
 */
async function* trackRun(run: number, items: AsyncIterable<RunStreamItem>) {
  try {
    for await (const item of items) yield tracked(`${toRunId(run)}:${item.seq}`, item);
  } catch (error) {
    throw toTRPCError(error, "stream.run");
  }
}

export const streamRouter = router({
  /** Follows one run; ends when nothing more can happen in it. Resumes after `lastEventId` (`R3:41`). */
  run: procedure
    .input(z.object({ id: runIdSchema, lastEventId: z.string().max(40).nullish() }))
    .subscription(async ({ ctx, input, signal }) => {
      const run = await getRunRow(ctx.db, input.id);
      const after = findPosition(input.lastEventId, run);
      return trackRun(run.id, streamRun(ctx, run.id, after, signal));
    }),
  /** Says which runs changed, at most twice a second, so that lists can be read again. */
  runs: procedure.subscription(({ ctx, signal }) => streamRuns(ctx.listener, signal)),
});
