import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { endProcesses, findMarkedProcesses, findProcess, isAlive, ownerVariable } from "./processes.mjs";

const children: ChildProcess[] = [];

/** Starts a shell with the given mark and waits until it runs. */
async function startShell(script: string, owner: string) {
  const child = spawn("/bin/sh", ["-c", `echo ready; ${script}`], {
    env: { ...process.env, [ownerVariable]: owner },
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

afterEach(() => children.splice(0).forEach((child) => child.kill("SIGKILL")));

test("processes of one home are found with their descendants, and those of another are not", async () => {
  const mine = await startShell("sleep 60 & wait", "home:/mine");
  await startShell("sleep 60 & wait", "home:/mine/too");
  const found = findMarkedProcesses(ownerVariable, "home:/mine");
  expect(found.map(({ pid }) => pid)).toContain(mine.pid);
  expect(found).toHaveLength(2);
  await endProcesses(found, { graceMs: 2_000 });
  expect(findMarkedProcesses(ownerVariable, "home:/mine")).toEqual([]);
  expect(findMarkedProcesses(ownerVariable, "home:/mine/too")).toHaveLength(2);
  await endProcesses(findMarkedProcesses(ownerVariable, "home:/mine/too"), { graceMs: 2_000 });
});

test("a process that ignores the request to end is killed after the grace period", async () => {
  const stubborn = await startShell("trap '' TERM; while :; do sleep 0.05; done", "home:/stubborn");
  const startMs = performance.now();
  await endProcesses(findMarkedProcesses(ownerVariable, "home:/stubborn"), { graceMs: 300 });
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(300);
  expect(stubborn.pid && findProcess(stubborn.pid)).toBeUndefined();
});

test("a pid that somebody else got later is not taken for the process", () => {
  const self = findProcess(process.pid);
  expect(self && isAlive(self)).toBe(true);
  expect(self && isAlive({ ...self, startTicks: self.startTicks - 1 })).toBe(false);
});

test("a process that has ended and was not waited for counts as gone", async () => {
  // The shell starts a child that ends at once, and becomes a program that never waits for it.
  const parent = await startShell("sleep 0 & exec sleep 60", "home:/zombie");
  const marked = () => findMarkedProcesses(ownerVariable, "home:/zombie").map(({ pid }) => pid);
  await expect.poll(marked, { timeout: 5_000 }).toEqual([parent.pid]);
  const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, "utf8");
  const zombie = Number(children.trim());
  expect(readFileSync(`/proc/${zombie}/stat`, "utf8")).toContain(") Z ");
  expect(findProcess(zombie)).toBeUndefined();
});
