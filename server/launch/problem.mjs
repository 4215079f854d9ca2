/**
 * A situation a person can resolve. Its message is one sentence that says what to do; it is printed
 * without a stack trace, and the command ends with exit code 1.
 */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {{ cause?: unknown, details?: string }} [options] `details`: lines worth showing below the sentence,
   *   such as the end of a log
   */
  constructor(message, options = {}) {
    super(message, { cause: options.cause });
    this.name = "Problem";
    this.details = options.details ?? "";
  }
}

/** @param {unknown} error @returns {string | undefined} the `code` of a system or database error */
export function findErrorCode(error) {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/**
 * What the terminal says about an error. Errors that are not a {@link Problem} are bugs of ours or of the
 * machine: they keep their message; ARCHLOOM_DEBUG=1 adds every stack trace.
 * @param {unknown} error
 * @param {NodeJS.ProcessEnv} [env]
 */
export function describeError(error, env = process.env) {
  const lines = [findFullDisk(error) ?? (error instanceof Error ? error.message : String(error))];
  if (error instanceof Problem && error.details) lines.push(error.details);
  if (env.ARCHLOOM_DEBUG === "1" && error instanceof Error) {
    lines.push(error.stack ?? "");
    if (error.cause)
      lines.push(`caused by: ${error.cause instanceof Error ? error.cause.stack : String(error.cause)}`);
  } else if (!(error instanceof Problem)) {
    lines.push("Set ARCHLOOM_DEBUG=1 to see where this comes from.");
  }
  return lines.join("\n");
}

/** @param {unknown} error */
function findFullDisk(error) {
  if (findErrorCode(error) !== "ENOSPC") return undefined;
  const path =
    typeof error === "object" && error !== null && "path" in error ? ` (writing ${String(error.path)})` : "";
  return `The disk is full${path}: free some space and start again.`;
}
