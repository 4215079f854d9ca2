/**
 * `npm run bench -- memory [--seconds n]`: memory of the running instance of this ARCHLOOM_HOME, by process tree, as the sum of
 * PSS (proportional set size: memory shared by n processes counts 1/n for each; RSS would count torch once per fork).
 * Samples once a second and prints the last and the highest sum. Needs the right to read the processes of the instance.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { findInstance } from "../launch/instance.mjs";
import { findHome, homePaths } from "../launch/paths.mjs";
import { listPids } from "../launch/processes.mjs";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "10" } } });
const seconds = Number(values.seconds);
const instance = findInstance(homePaths(findHome()).instance);
if (!instance) {
  process.stderr.write("No instance runs with this ARCHLOOM_HOME: npm start first.\n");
  process.exit(1);
}

/** @type {Map<string, { last: number, highest: number, processes: number }>} */
const parts = new Map();
for (let second = 0; second < seconds; second += 1) {
  if (second > 0) await sleep(1_000);
  const children = listChildren();
  for (const [part, pid] of Object.entries(instance.processes)) {
    if (pid === null) continue;
    const tree = listTree(pid, children);
    const last = tree.reduce((sum, member) => sum + readPssBytes(member), 0);
    parts.set(part, { last, highest: Math.max(last, parts.get(part)?.highest ?? 0), processes: tree.length });
  }
}
console.log(
  `${"part".padEnd(10)}${"processes".padStart(10)}${"PSS now".padStart(12)}${"highest".padStart(12)}   over ${seconds} s`,
);
for (const [part, { last, highest, processes }] of parts) {
  console.log(
    `${part.padEnd(10)}${String(processes).padStart(10)}${toMegabytes(last)}${toMegabytes(highest)}`,
  );
}

/** @returns {Map<number, number[]>} children by parent */
function listChildren() {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const pid of listPids()) {
    const parent = Number(/^PPid:\s+(\d+)/m.exec(readOrNothing(`/proc/${pid}/status`))?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}

/** @param {number} pid @param {Map<number, number[]>} children @returns {number[]} */
function listTree(pid, children) {
  return [pid, ...(children.get(pid) ?? []).flatMap((child) => listTree(child, children))];
}

/** @param {number} pid */
function readPssBytes(pid) {
  return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(readOrNothing(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** @param {string} path */
function readOrNothing(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** @param {number} bytes */
function toMegabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`.padStart(12);
}
