/**
 * Stamps: a file that says "this was made from exactly these inputs". Written last, after the work it vouches for, and
 * removed first when that work begins again; so an interrupted installation is never taken for a finished one.
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * @param {string} root paths count from here, so that a moved checkout keeps its stamps
 * @param {string[]} paths files or folders below root; missing ones count as absent
 * @param {{ extra?: string[], skip?: (path: string) => boolean }} [options] `extra`: other inputs, such as versions;
 *   `skip`: paths (relative to root) that do not matter
 * @returns {string} hexadecimal SHA-256 over names and contents
 */
export function hashInputs(root, paths, { extra = [], skip = () => false } = {}) {
  const hash = createHash("sha256");
  for (const text of extra) hash.update(`extra\0${text}\0`);
  for (const file of paths.flatMap((path) => listFiles(join(root, path)))) {
    const name = relative(root, file);
    if (skip(name)) continue;
    hash.update(`file\0${name}\0`).update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

/** @param {string} path @returns {string[]} files at or below path, in a fixed order */
function listFiles(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry) return [];
  if (!entry.isDirectory()) return [path];
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => listFiles(join(path, name)));
}

/** @param {string} file @returns {string | undefined} */
export function readStamp(file) {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}

/** @param {string} file @param {string} value */
export function writeStamp(file, value) {
  writeFileSync(`${file}.new`, `${value}\n`);
  renameSync(`${file}.new`, file);
}

/** @param {string} file */
export function removeStamp(file) {
  rmSync(file, { force: true });
}
