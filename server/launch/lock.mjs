/**
 * Locks that cannot be left behind. A lock is an abstract Unix socket (a name in the kernel, not a file): binding is
 * atomic, and the kernel frees the name the moment its process is gone, by kill -9 too. So there is no stale lock,
 * no pid to compare and no moment at which two processes both break the same one.
 *
 * Not covered: processes in different network namespaces (two containers sharing one folder) do not see each other.
 */
import { statSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { findErrorCode } from "./problem.mjs";

/** @typedef {{ release: () => Promise<void> }} Lock */

/**
 * @param {string} purpose what is locked, such as "home"
 * @param {string} folder existing folder it is locked for; known by device and inode, so by any of its names
 * @returns {Promise<Lock | undefined>} undefined while another process holds it
 */
export function tryLock(purpose, folder) {
  const { dev, ino } = statSync(folder);
  return new Promise((settle, fail) => {
    const server = createServer((connection) => connection.destroy());
    server.once("error", (error) => {
      if (findErrorCode(error) === "EADDRINUSE") settle(undefined);
      else fail(error);
    });
    server.listen(`\0archloom-${purpose}-${dev}-${ino}`, () => {
      server.unref();
      settle({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

/**
 * Waits for the lock as long as it takes.
 * @param {string} purpose
 * @param {string} folder
 * @param {() => void} onWait called once when the lock is not free at once
 * @returns {Promise<Lock>}
 */
export async function waitForLock(purpose, folder, onWait) {
  for (let waits = 0; ; waits += 1) {
    const lock = await tryLock(purpose, folder);
    if (lock) return lock;
    if (waits === 0) onWait();
    await sleep(200);
  }
}
