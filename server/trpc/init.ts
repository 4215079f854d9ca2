import { initTRPC, TRPCError } from "@trpc/server";
import { ZodError } from "zod";

import { toInputProblem } from "../input-problem";
import { ServiceError } from "../service-error";
import type { Context } from "./context";
import { toTRPCError } from "./error";

const pingIntervalMs = 5_000;
/** Three pings without one arriving: the connection is dead, whatever the socket says. */
const reconnectAfterInactivityMs = 3 * pingIntervalMs;

/** No transformer: every output is plain JSON, with ids and times as text, so that any client can read it. */
const t = initTRPC.context<Context>().create({
  isDev: false,
  sse: {
    ping: { enabled: true, intervalMs: pingIntervalMs },
    client: { reconnectAfterInactivityMs },
  },
  errorFormatter({ shape, error }) {
    const problem =
      error.cause instanceof ZodError ? toInputProblem(error.cause) : { message: shape.message, field: undefined };
    const field = error.cause instanceof ServiceError ? error.cause.field : problem.field;
    return { ...shape, message: problem.message, data: { ...shape.data, field: field ?? null } };
  },
});

/** The one place where what a verb throws becomes what a client sees. */
const translateErrors = t.middleware(async ({ next, path }) => {
  const result = await next();
  if (result.ok || (result.error.code !== "INTERNAL_SERVER_ERROR" && result.error instanceof TRPCError)) return result;
  throw toTRPCError(result.error.cause ?? result.error, path);
});

export const router = t.router;
export const procedure = t.procedure.use(translateErrors);
export const createCallerFactory = t.createCallerFactory;
