import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tryLock, waitForLock } from "./lock.mjs";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that takes the lock of the folder and keeps it. */
async function startHolder() {
  const script = `
    import { tryLock } from ${JSON.stringify(join(import.meta.dirname, "lock.mjs"))};
    console.log((await tryLock("home", ${JSON.stringify(folder)})) ? "held" : "refused");
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await once(holder.stdout, "data");
  return { holder, said: String(said).trim() };
}

test("a lock is held once, by any name of its folder", async () => {
  const lock = await tryLock("home", folder);
  const link = `${folder}-link`;
  symlinkSync(folder, link);
  expect(await tryLock("home", link)).toBeUndefined();
  rmSync(link);
  await lock?.release();
  const again = await tryLock("home", folder);
  expect(again).toBeDefined();
  await again?.release();
});

test("locks for different purposes or folders do not meet", async () => {
  const other = mkdtempSync(join(tmpdir(), "lock-"));
  const locks = await Promise.all([
    tryLock("home", folder),
    tryLock("checkout", folder),
    tryLock("home", other),
  ]);
  expect(locks.every(Boolean)).toBe(true);
  await Promise.all(locks.map((lock) => lock?.release()));
  rmSync(other, { recursive: true });
});

test("kill -9 of the holder frees the lock", async () => {
  const { holder, said } = await startHolder();
  expect(said).toBe("held");
  expect(await tryLock("home", folder)).toBeUndefined();
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const lock = await tryLock("home", folder);
  expect(lock).toBeDefined();
  await lock?.release();
});

test("of many who wait, one at a time gets in", async () => {
  let inside = 0;
  let most = 0;
  const enter = async () => {
    const lock = await waitForLock("checkout", folder, () => undefined);
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((done) => setTimeout(done, 20));
    inside -= 1;
    await lock.release();
  };
  await Promise.all(Array.from({ length: 4 }, enter));
  expect(most).toBe(1);
});
