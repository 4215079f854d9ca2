/**
 * Finding and ending processes an earlier start left behind.
 *
 * Every process the launcher starts carries a mark in its environment that names the home (or checkout) it belongs to,
 * and hands it on to its own children. A process is ours if and only if it has the mark: unlike a recorded pid this can
 * neither be missed (the launcher may be killed between spawning and writing) nor hit a stranger who got the pid later.
 * PostgreSQL overwrites its environment; it is known by its working folder instead (postgres.mjs).
 */
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Environment variable that holds the mark. */
export const ownerVariable = "ARCHLOOM_OWNER";

/** @param {string} home resolved path */
export const homeOwner = (home) => `home:${home}`;

/** @param {string} project resolved path */
export const installationOwner = (project) => `installation:${project}`;

/** A process, safe against reuse of its pid: the start time (clock ticks since boot) is part of its identity. */
/** @typedef {{ pid: number, startTicks: number }} ProcessIdentity */

/** @returns {number[]} */
export function listPids() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/**
 * @param {number} pid
 * @returns {ProcessIdentity | undefined} undefined when it is gone or a zombie
 */
export function findProcess(pid) {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  // The second field is the name in parentheses and may hold anything, so fields are counted after its end.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields.length < 20 || fields[0] === "Z" || fields[0] === "X") return undefined;
  return { pid, startTicks: Number(fields[19]) };
}

/** @param {ProcessIdentity} identity */
export function isAlive(identity) {
  return findProcess(identity.pid)?.startTicks === identity.startTicks;
}

/**
 * @param {number} pid
 * @returns {Map<string, string>} empty when the process is gone or belongs to another account
 */
export function readEnvironment(pid) {
  const entries = readOrNothing(`/proc/${pid}/environ`)
    .split("\0")
    .filter((entry) => entry.includes("="));
  return new Map(
    entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}

/**
 * Living processes whose environment holds `variable=value`, this one excepted.
 * @param {string} variable
 * @param {string} value
 * @returns {ProcessIdentity[]}
 */
export function findMarkedProcesses(variable, value) {
  return listPids().flatMap((pid) => {
    if (pid === process.pid || readEnvironment(pid).get(variable) !== value) return [];
    return findProcess(pid) ?? [];
  });
}

/**
 * Ends processes: asks with `signal`, and kills whatever is left after `graceMs`. Returns when all are gone.
 * @param {ProcessIdentity[]} identities
 * @param {{ graceMs: number, signal?: NodeJS.Signals }} options
 */
export async function endProcesses(identities, { graceMs, signal = "SIGTERM" }) {
  identities.filter(isAlive).forEach(({ pid }) => sendSignal(pid, signal));
  if (await waitUntilGone(identities, graceMs)) return;
  identities.filter(isAlive).forEach(({ pid }) => sendSignal(pid, "SIGKILL"));
  await waitUntilGone(identities, 5_000);
}

/**
 * @param {ProcessIdentity[]} identities
 * @param {number} timeoutMs
 * @returns {Promise<boolean>} whether they are gone
 */
export async function waitUntilGone(identities, timeoutMs) {
  const deadline = performance.now() + timeoutMs;
  while (identities.some(isAlive)) {
    if (performance.now() >= deadline) return false;
    await sleep(25);
  }
  return true;
}

/**
 * @param {number} pid negative: a process group
 * @param {NodeJS.Signals} signal
 */
export function sendSignal(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already, which is what was wanted.
  }
}

/** @param {string} path */
function readOrNothing(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
