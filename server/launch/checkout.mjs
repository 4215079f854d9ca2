/**
 * What one checkout shares between all instances started from it: installed dependencies and the production build.
 * Changing them is serialised by a lock, and refused while an instance of another home runs on them.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { waitForLock } from "./lock.mjs";
import { projectFolder, toolsFolder } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import {
  endProcesses,
  findMarkedProcesses,
  installationOwner,
  ownerVariable,
  readEnvironment,
} from "./processes.mjs";

/** Environment variable by which the web processes of a checkout are found. */
export const projectVariable = "ARCHLOOM_PROJECT";

/** Environment of installing commands: they belong to the checkout. */
export function installationEnvironment() {
  return { ...process.env, [ownerVariable]: installationOwner(projectFolder) };
}

/** @param {string} name @returns {string} log file of an installing command */
export function installationLog(name) {
  const folder = join(toolsFolder, "logs");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.log`);
}

/**
 * Runs `work` as the only one that changes this checkout. What an installation killed earlier left running is ended first.
 * @template T
 * @param {import('./terminal.mjs').Report} report
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function changeCheckout(report, work) {
  mkdirSync(toolsFolder, { recursive: true });
  const lock = await waitForLock("checkout", toolsFolder, () =>
    report("waiting for another start of this checkout"),
  );
  try {
    await endProcesses(findMarkedProcesses(ownerVariable, installationOwner(projectFolder)), {
      graceMs: 2_000,
    });
    return await work();
  } finally {
    await lock.release();
  }
}

/** Refuses to pull files from under a running instance. @param {string} what such as "The sources" */
export function assertCheckoutIdle(what) {
  const other = findMarkedProcesses(projectVariable, projectFolder)[0];
  if (!other) return;
  const url = readEnvironment(other.pid).get("ARCHLOOM_URL") ?? `process ${other.pid}`;
  throw new Problem(
    `${what} changed while an instance of this checkout runs at ${url}: stop it, then start again.`,
  );
}
