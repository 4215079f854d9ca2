import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { type Instance, makeHome, removeHome, spawnLauncher, startInstance } from "../fixtures/instance";
import {
  findMarkedProcesses,
  findProcess,
  homeOwner,
  ownerVariable,
} from "../../server/launch/processes.mjs";

/** What is still alive of an instance: its known processes, and whatever carries its home's mark. */
function listSurvivors(instance: Instance) {
  const known = Object.entries(instance.processes).filter(([, pid]) => findProcess(pid) !== undefined);
  const marked = findMarkedProcesses(ownerVariable, homeOwner(instance.home));
  return [...known.map(([name]) => name), ...marked.map(({ pid }) => String(pid))];
}

test.describe("an instance", () => {
  let home: string;
  const started: Instance[] = [];
  const start = async () => {
    const instance = await startInstance(home);
    started.push(instance);
    return instance;
  };

  test.beforeEach(() => {
    home = makeHome();
  });
  test.afterEach(async () => {
    for (const instance of started.splice(0)) await instance.stop();
    removeHome(home);
  });

  test("refuses a second start of its home and names its own address", async () => {
    const instance = await start();
    const second = spawnLauncher(home);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(instance.url);
    expect(second.output().trim().split("\n")).toHaveLength(1);
    expect((await fetch(instance.url)).status).toBe(200);
  });

  test("is gone within 15 s of SIGTERM while a browser watches", async ({ page }) => {
    const instance = await start();
    await page.goto(instance.url);
    // An event stream that its reader never closes.
    const stream = await fetch(`${instance.url}/api/trpc/stream.runs`, {
      headers: { accept: "text/event-stream" },
    });
    expect(stream.headers.get("content-type")).toContain("text/event-stream");
    const askedMs = performance.now();
    expect(await instance.stop("SIGTERM")).toBe(0);
    expect(performance.now() - askedMs).toBeLessThan(15_000);
    expect(listSurvivors(instance)).toEqual([]);
    await stream.body?.cancel().catch(() => undefined);
  });

  test("takes its children with it when its launcher is killed", async () => {
    const instance = await start();
    expect(await instance.stop("SIGKILL")).toBe("SIGKILL");
    await expect.poll(() => listSurvivors(instance), { timeout: 15_000 }).toEqual([]);
  });

  test("recovers by itself after kill -9 of all of it", async () => {
    const first = await start();
    for (const pid of Object.values(first.processes)) process.kill(pid, "SIGKILL");
    const second = await start();
    expect(listSurvivors(first).filter((name) => name in first.processes)).toEqual([]);
    expect((await fetch(second.url)).status).toBe(200);
    expect(await second.stop()).toBe(0);
  });

  for (const part of ["database", "web", "worker"] as const) {
    test(`starts its ${part} again when that is killed`, async () => {
      const instance = await start();
      process.kill(instance.processes[part], "SIGKILL");
      await expect
        .poll(() => instance.output(), { timeout: 10_000 })
        .toContain(`The ${part} ended (SIGKILL)`);
      await expect
        .poll(
          () =>
            fetch(instance.url).then(
              ({ status }) => status,
              () => 0,
            ),
          { timeout: 30_000 },
        )
        .toBe(200);
      // Long enough to see that it stays up.
      await sleep(2_000);
      expect(instance.output().split(" ended (")).toHaveLength(2);
      expect(await instance.stop()).toBe(0);
    });
  }
});
