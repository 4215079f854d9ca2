/** Commands that run to an end (installations, builds, tests), each in its own session so that Ctrl-C reaches only us. */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { sendSignal } from "./processes.mjs";

/** @type {Set<number>} */
const running = new Set();

/**
 * @typedef {object} CommandResult
 * @property {number} code exit status; 128 + n after signal n
 * @property {string} output stdout and stderr together, at most the last 64 KiB
 */

/**
 * @param {string} command
 * @param {string[]} args
 * @param {object} options
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} options.env
 * @param {string} [options.log] file that gets the whole output (emptied first)
 * @param {(line: string) => void} [options.onLine]
 * @returns {Promise<CommandResult>} rejects only when the command cannot be started
 */
export function runCommand(command, args, { cwd, env, log, onLine }) {
  return new Promise((settle, fail) => {
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    if (child.pid) running.add(child.pid);
    const file = log ? createWriteStream(log, { mode: 0o600 }) : undefined;
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (/** @type {string} */ text) => {
        output = (output + text).slice(-65_536);
        file?.write(text);
      });
      if (onLine) createInterface({ input: stream }).on("line", (line) => line.trim() && onLine(line));
    }
    const forget = () => {
      if (child.pid) running.delete(child.pid);
      file?.end();
    };
    child.once("error", (error) => {
      forget();
      fail(error);
    });
    child.once("close", (code, signal) => {
      forget();
      settle({ code: code ?? 128 + (signal === "SIGKILL" ? 9 : 15), output });
    });
  });
}

/** Kills the commands that are still running, with everything they started. */
export function abortCommands() {
  for (const pid of running) sendSignal(-pid, "SIGKILL");
}
