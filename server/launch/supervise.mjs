/** Keeps one long-lived process running: starts it again when it ends by itself, and gives up when that is of no use. */
import { setTimeout as sleep } from "node:timers/promises";

/** A process that ended sooner than this after it was ready ended "fast". */
const fastMs = 30_000;
const fastCrashesAllowed = 5;

/**
 * @typedef {object} Supervised
 * @property {() => import('node:child_process').ChildProcess | undefined} child the running process
 * @property {(end: (child: import('node:child_process').ChildProcess) => Promise<void>) => Promise<void>} stop
 *   from now on nothing is restarted; `end` ends what runs
 */

/**
 * Starts the process; rejects when the first start fails.
 * @param {object} options
 * @param {() => Promise<import('node:child_process').ChildProcess>} options.launch resolves when the process is ready
 * @param {(reason: string, delayMs: number) => void} options.onCrash it ended and will be started again
 * @param {() => void} options.onReady it runs, now or again
 * @param {(reason: string) => void} options.onGiveUp it ended fast five times in a row
 * @param {(crashes: number) => number} [options.delay] milliseconds before the nth start in a row
 * @returns {Promise<Supervised>}
 */
export async function supervise({
  launch,
  onCrash,
  onReady,
  onGiveUp,
  delay = (crashes) => 250 * 2 ** crashes,
}) {
  let stopping = false;
  let crashes = 0;
  let current = /** @type {import('node:child_process').ChildProcess | undefined} */ (undefined);

  /** @param {import('node:child_process').ChildProcess} child */
  function watch(child) {
    current = child;
    const readyMs = performance.now();
    onReady();
    const ended = () => {
      current = undefined;
      if (performance.now() - readyMs >= fastMs) crashes = 0;
      void restart(child.signalCode ?? `code ${child.exitCode}`);
    };
    // It may have ended between being ready and now, and then no event comes any more.
    if (child.exitCode !== null || child.signalCode !== null) ended();
    else child.once("exit", ended);
  }

  /** @param {string} reason */
  async function restart(reason) {
    if (stopping) return;
    crashes += 1;
    if (crashes >= fastCrashesAllowed) return onGiveUp(reason);
    onCrash(reason, delay(crashes));
    await sleep(delay(crashes));
    if (stopping) return;
    try {
      const child = await launch();
      watch(child);
    } catch (error) {
      await restart(error instanceof Error ? error.message : String(error));
    }
  }

  watch(await launch());
  return {
    child: () => current,
    async stop(end) {
      stopping = true;
      if (current) await end(current);
    },
  };
}
