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

/**
 * SQLSTATE or connection code of an error that came from the database. Drizzle wraps it, in an error whose class cannot be
 * asked for: the bundler may have loaded the one that threw and the one that asks from two copies of the package.
 */
export function findErrorCode(error: unknown): string | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error) || !("code" in cause) || typeof cause.code !== "string") return undefined;
  return cause.code;
}
