/** The two processes an instance consists of besides the database. Each leads its own session: Ctrl-C reaches only the launcher. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { readLogEnd, withLog } from "./logs.mjs";
import { projectFolder, venvPython } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { endProcesses, findProcess, sendSignal } from "./processes.mjs";

const readyTimeoutMs = 60_000;

/**
 * Starts the web process; resolves when it listens.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} log
 */
export async function startWeb(env, log) {
  const child = withLog(log, (descriptor) =>
    spawn(process.execPath, [join(projectFolder, "server", "launch", "web.mjs")], {
      cwd: projectFolder,
      env,
      detached: true,
      stdio: ["ignore", descriptor, descriptor, "ipc"],
    }),
  );
  const timeout = AbortSignal.timeout(readyTimeoutMs);
  const outcome = await Promise.race([
    once(child, "message", { signal: timeout }).then(() => "ready"),
    once(child, "exit", { signal: timeout }).then(
      ([code, signal]) => `it ended with ${signal ?? `code ${code}`}`,
    ),
  ]).catch(() => `not ready after ${readyTimeoutMs / 1000} s`);
  if (outcome === "ready") return child;
  if (child.pid) sendSignal(-child.pid, "SIGKILL");
  throw new Problem(`The web server did not start (${outcome}): see ${log}.`, { details: readLogEnd(log) });
}

/**
 * Starts the worker. It needs no moment of readiness: it looks for work whenever it is there.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} log
 */
export async function startWorker(env, log) {
  const child = withLog(log, (descriptor) =>
    spawn(venvPython, ["-m", "archloom.runner"], {
      cwd: projectFolder,
      // With our number it can tell that we are gone even if that happens before it asks to be told.
      env: { ...env, PYTHONUNBUFFERED: "1", ARCHLOOM_PARENT_PID: String(process.pid) },
      detached: true,
      stdio: ["ignore", descriptor, descriptor],
    }),
  );
  await Promise.race([
    once(child, "spawn"),
    once(child, "error").then(([error]) => {
      throw new Problem(
        `The worker cannot be started (${error.message}): delete .archloom/venv and start again.`,
      );
    }),
  ]);
  return child;
}

/**
 * Ends a child: asks it, then kills it and everything in its process group.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} graceMs
 */
export async function endChild(child, graceMs) {
  const identity = child.pid === undefined ? undefined : findProcess(child.pid);
  if (!identity) return;
  await endProcesses([identity], { graceMs });
  sendSignal(-identity.pid, "SIGKILL");
}
