import { DrizzleQueryError } from "drizzle-orm";

/** Connection problems as the driver, Node and PostgreSQL (shutting down, starting, too many clients) name them. */
const lossCodes = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "57P01",
  "57P02",
  "57P03",
  "53300",
]);

/** Whether the database could not be reached, as opposed to refusing what it was asked. */
export function isConnectionLoss(error: unknown): boolean {
  const code = findErrorCode(error);
  return code !== undefined && lossCodes.has(code);
}

/** SQLSTATE or connection code of an error that came from the database. */
export function findErrorCode(error: unknown): string | undefined {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  if (!(cause instanceof Error) || !("code" in cause) || typeof cause.code !== "string") return undefined;
  return cause.code;
}
