import { accessSync, constants, existsSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Problem, findErrorCode } from "./problem.mjs";

/** Root of this checkout. */
export const projectFolder = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** What belongs to the checkout, not to a home: the Python environment, logs of installations, the test browser. */
export const toolsFolder = join(projectFolder, ".archloom");

export const venvFolder = join(toolsFolder, "venv");
export const venvPython = join(venvFolder, "bin", "python");
export const workerFolder = join(projectFolder, "gpu-worker");
export const migrationsFolder = join(projectFolder, "drizzle", "migrations");

/**
 * Paths of one home: everything an instance owns and keeps.
 * @typedef {ReturnType<typeof homePaths>} HomePaths
 */

/** @param {string} home absolute path */
export function homePaths(home) {
  return {
    home,
    database: join(home, "database"),
    password: join(home, "database.password"),
    logs: join(home, "logs"),
    instance: join(home, "instance.json"),
  };
}

/**
 * The home this environment names, absolute. A relative ARCHLOOM_HOME counts from where the person stood when
 * typing `npm start` (npm itself changes to the project's root and keeps that place in INIT_CWD).
 * @param {NodeJS.ProcessEnv} [env]
 */
export function findHome(env = process.env) {
  if (!env.ARCHLOOM_HOME) return join(toolsFolder, "home");
  return resolve(env.INIT_CWD ?? process.cwd(), env.ARCHLOOM_HOME);
}

/**
 * Makes the home folder, checks that it can be used, and returns its paths with links resolved: two names of one
 * folder are one home.
 * @param {string} home
 * @returns {HomePaths}
 */
export function openHome(home) {
  const advice = "give this account the right to it, or set ARCHLOOM_HOME to another folder";
  try {
    // As root, PostgreSQL runs as another account and has to pass through here to its own folder.
    makeFolder(home, process.getuid?.() === 0 ? 0o711 : 0o700);
    if (!statSync(home).isDirectory()) throw new Problem(`The home ${home} is not a folder: ${advice}.`);
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    const paths = homePaths(realpathSync(home));
    mkdirSync(paths.logs, { recursive: true });
    return paths;
  } catch (error) {
    if (error instanceof Problem) throw error;
    const code = findErrorCode(error);
    if (code === "ENOSPC") throw error;
    const reason =
      code === "EEXIST" || code === "ENOTDIR" ? "a file is in the way" : "it cannot be read and written";
    throw new Problem(`The home ${home} cannot be used, ${reason} (${code}): ${advice}.`, { cause: error });
  }
}

/**
 * Like mkdir with `recursive`, which never returns where the kernel answers ENOENT, as below /proc.
 * @param {string} folder
 * @param {number} mode of the last one; folders above it get the usual one
 */
function makeFolder(folder, mode) {
  if (existsSync(folder)) return;
  if (!existsSync(dirname(folder))) makeFolder(dirname(folder), 0o777);
  mkdirSync(folder, mode);
}

/**
 * The first folder on the way to `path` that the account may not pass through, if any. Looks at owner, group and
 * mode only, not at access lists.
 * @param {string} path
 * @param {{ uid: number, gid: number }} account
 */
export function findClosedFolder(path, account) {
  const folders = [];
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(folder)) folders.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  return folders.find((folder) => {
    const { mode, uid, gid } = statSync(folder);
    if (uid === account.uid) return (mode & 0o100) === 0;
    if (gid === account.gid) return (mode & 0o010) === 0;
    return (mode & 0o001) === 0;
  });
}
