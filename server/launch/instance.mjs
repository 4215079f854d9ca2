/** `instance.json`: what others (the command line, a second start) may know about the running instance of a home. */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * @typedef {object} InstanceRecord
 * @property {string} url
 * @property {number} port
 * @property {number} pid of the launcher
 * @property {string} started_at ISO 8601
 * @property {Record<string, number | null>} processes pids of web, worker and (embedded) database; null while down
 */

/** @param {string} file @param {InstanceRecord} record */
export function writeInstance(file, record) {
  writeFileSync(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** @param {string} file @returns {InstanceRecord | undefined} undefined when there is none, or it cannot be read */
export function findInstance(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** @param {string} file */
export function removeInstance(file) {
  rmSync(file, { force: true });
}
