import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { endProcesses, findMarkedProcesses, findProcess, isAlive, ownerVariable } from "./processes.mjs";

const children: ChildProcess[] = [];

const find = (owner: string) => findMarkedProcesses(ownerVariable, owner);

/** Starts a shell with the given mark and waits until it has done `first` and begins with `script`. */
async function startShell(script: string, owner: string, first = ":") {
  const child = spawn("/bin/sh", ["-c", `${first}; echo ready; ${script}`], {
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
  // A shell and its child each; the child comes a moment later.
  await expect.poll(() => find("home:/mine")).toHaveLength(2);
  await expect.poll(() => find("home:/mine/too")).toHaveLength(2);
  expect(find("home:/mine").map(({ pid }) => pid)).toContain(mine.pid);
  await endProcesses(find("home:/mine"), { graceMs: 2_000 });
  expect(find("home:/mine")).toEqual([]);
  expect(find("home:/mine/too")).toHaveLength(2);
  await endProcesses(find("home:/mine/too"), { graceMs: 2_000 });
});

test("a process that ignores the request to end is killed after the grace period", async () => {
  const stubborn = await startShell("while :; do sleep 0.05; done", "home:/stubborn", "trap '' TERM");
  const startMs = performance.now();
  await endProcesses(find("home:/stubborn"), { graceMs: 300 });
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
  const { pid } = await startShell("sleep 0 & exec sleep 60", "home:/zombie");
  await expect.poll(() => readState(findChild(pid)), { timeout: 5_000 }).toBe("Z");
  expect(findProcess(findChild(pid))).toBeUndefined();
});

function findChild(parent: number | undefined): number {
  return Number(readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim());
}

function readState(pid: number): string | undefined {
  return /\) ([A-Z]) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
}
