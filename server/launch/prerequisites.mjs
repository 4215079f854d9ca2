import { existsSync, statfsSync } from "node:fs";
import { isNodeReady } from "./node-dependencies.mjs";
import { assertReachable, ensurePostgresAccount } from "./postgres-account.mjs";
import { findPython, isPythonReady, readTorchChoice } from "./python.mjs";
import { projectFolder, venvPython } from "./paths.mjs";
import { Problem } from "./problem.mjs";

const gigabyte = 1e9;

/**
 * Everything that can be known to be missing before minutes are spent on installing.
 * @param {{ development: boolean }} options
 * @returns {string} what was found
 */
export function checkPrerequisites({ development }) {
  if (process.platform !== "linux") {
    throw new Problem(
      `Archloom runs on Linux; this is ${process.platform}: use a Linux machine, virtual machine or container.`,
    );
  }
  readTorchChoice();
  const pythonReady = isPythonReady(development);
  const found = [`Node ${process.versions.node}`, pythonReady ? "" : `Python ${findPython().version}`]
    .filter(Boolean)
    .join(", ");
  // The CPU build's environment takes 1.4 GB, its downloads pass through the temporary folder and pip's cache.
  const neededGb = (existsSync(venvPython) ? 0 : 3) + (isNodeReady() ? 0 : 1);
  assertSpace(projectFolder, neededGb, "to install what Archloom needs");
  return found;
}

/**
 * @param {string} home
 * @param {NodeJS.ProcessEnv} env
 */
export function checkHome(home, env) {
  assertSpace(home, 0.2, "for the database and its logs");
  const account = env.DATABASE_URL ? undefined : ensurePostgresAccount();
  if (account) assertReachable(account, home, projectFolder);
}

/** @param {string} folder @param {number} neededGb @param {string} purpose */
function assertSpace(folder, neededGb, purpose) {
  const { bavail, bsize } = statfsSync(folder);
  const freeGb = (bavail * bsize) / gigabyte;
  if (freeGb >= neededGb) return;
  throw new Problem(
    `${folder} has ${freeGb.toFixed(1)} GB free, ${neededGb} GB are needed ${purpose}: free some space.`,
  );
}
