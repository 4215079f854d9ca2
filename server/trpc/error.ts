import { randomUUID } from "node:crypto";

import { TRPCError } from "@trpc/server";

import { isConnectionLoss } from "../db/errors";
import { ServiceError, type ServiceErrorCode } from "../service-error";

const codes = {
  invalid: "BAD_REQUEST",
  not_found: "NOT_FOUND",
  conflict: "CONFLICT",
} as const satisfies Record<ServiceErrorCode, TRPCError["code"]>;

/**
 * A `ServiceError` keeps its sentence. Anything else is logged under an id and shown as that id only: its own text may
 * hold SQL, paths or parts of a program.
 */
export function toTRPCError(thrown: unknown, path: string): TRPCError {
  if (thrown instanceof ServiceError) {
    return new TRPCError({ code: codes[thrown.code], message: thrown.message, cause: thrown });
  }
  if (isConnectionLoss(thrown)) {
    return new TRPCError({ code: "SERVICE_UNAVAILABLE", message: "The database does not answer. It may be starting: try again." });
  }
  const id = randomUUID().slice(0, 8);
  console.error(`internal error ${id} in ${path}`, thrown);
  return new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: `internal error ${id}` });
}
