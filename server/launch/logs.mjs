/**
 * Log files of long-lived processes. They write to the file themselves (appending), not through a pipe of the launcher,
 * so that its death costs them nothing. A file that outgrows the cap is copied to `<name>.1` and emptied in place.
 */
import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync } from "node:fs";

const capBytes = 16 * 1024 * 1024;

/**
 * Opens a log for a child's output.
 * @template T
 * @param {string} file
 * @param {(descriptor: number) => T} use gets the descriptor, which is closed when it returns
 * @returns {T}
 */
export function withLog(file, use) {
  capLog(file);
  const descriptor = openSync(file, "a", 0o600);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** @param {string} file @param {number} [maximumBytes] */
export function capLog(file, maximumBytes = capBytes) {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= maximumBytes) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
}

/** @param {string} file @param {number} [lines] @returns {string} the end of the log, indented; empty without one */
export function readLogEnd(file, lines = 15) {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const length = Math.min(size, 16_384);
  if (length === 0) return "";
  const descriptor = openSync(file, "r");
  const buffer = Buffer.alloc(length);
  readSync(descriptor, buffer, 0, length, size - length);
  closeSync(descriptor);
  return buffer
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .slice(-lines)
    .map((line) => `    ${line}`)
    .join("\n");
}
