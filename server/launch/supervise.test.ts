import { type ChildProcess, spawn } from "node:child_process";
import { expect, test } from "vitest";
import { supervise } from "./supervise.mjs";

const quick = () => 1;
const nothing = () => undefined;
const refuse = () => Promise.reject(new Error("not there"));

function startShell(script: string): Promise<ChildProcess> {
  return Promise.resolve(spawn("/bin/sh", ["-c", script], { stdio: "ignore" }));
}

test("a process that ends is started again, until it was stopped", async () => {
  const reasons: string[] = [];
  let starts = 0;
  const supervised = await supervise({
    launch: () => startShell((starts += 1) < 3 ? "exit 7" : "sleep 60"),
    onReady: nothing,
    onCrash: (reason) => reasons.push(reason),
    onGiveUp: () => reasons.push("gave up"),
    delay: quick,
  });
  await expect.poll(() => starts).toBe(3);
  expect(reasons).toEqual(["code 7", "code 7"]);
  await supervised.stop(async (child) => void child.kill("SIGKILL"));
  await new Promise((done) => setTimeout(done, 100));
  expect(starts).toBe(3);
});

test("five fast ends in a row are enough", async () => {
  let starts = 0;
  const gaveUp = await new Promise<string>((done) => {
    void supervise({
      launch: () => startShell(`exit ${(starts += 1)}`),
      onReady: nothing,
      onCrash: nothing,
      onGiveUp: done,
      delay: quick,
    });
  });
  expect(gaveUp).toBe("code 5");
  expect(starts).toBe(5);
});

test("a process that cannot even be started again counts as one that ended", async () => {
  let starts = 0;
  const gaveUp = await new Promise<string>((done) => {
    void supervise({
      launch: () => ((starts += 1) === 1 ? startShell("exit 1") : Promise.reject(new Error("no memory"))),
      onReady: nothing,
      onCrash: nothing,
      onGiveUp: done,
      delay: quick,
    });
  });
  expect(gaveUp).toBe("no memory");
  expect(starts).toBe(5);
});

test("a first start that fails is the caller's to hear", async () => {
  const supervised = supervise({ launch: refuse, onReady: nothing, onCrash: nothing, onGiveUp: nothing });
  await expect(supervised).rejects.toThrow("not there");
});
