import { getHTTPStatusCodeFromError } from "@trpc/server/http";

import { ServiceError } from "../service-error";
import { toTRPCError } from "./error";

/** What a verb threw, for a request that is not a procedure's, in the shape that a procedure's has. */
export function toErrorResponse(thrown: unknown, path: string): Response {
  const error = toTRPCError(thrown, path);
  const httpStatus = getHTTPStatusCodeFromError(error);
  const field = thrown instanceof ServiceError ? (thrown.field ?? null) : null;
  return Response.json({ error: { message: error.message, data: { code: error.code, httpStatus, field } } }, { status: httpStatus });
}
