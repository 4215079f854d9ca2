/** `npm run bench -- <name> [options]`: measurements that belong in no test. Expects what `npm start` or `npm test` prepares. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectFolder, venvPython } from "./paths.mjs";

/** Measurements that are programs of the worker. */
const modules = new Map([
  ["sandbox", "archloom.sandbox.bench"],
  ["finetune-parity", "archloom.language.parity"],
  ["novelty", "archloom.disguise.bench"],
]);
const files = ["bare-clone", "startup", "cycle", "learning", "collapse", "corpus", "memory"];

const [name = "", ...args] = process.argv.slice(2);
const [command, ...prefix] = findProgram(name);
const child = spawn(command, [...prefix, ...args], { cwd: projectFolder, stdio: "inherit" });
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
child.on("error", (error) => fail(`${command} cannot be run (${error.message}): run npm start once.`));

/** @param {string} asked @returns {[string, ...string[]]} */
function findProgram(asked) {
  const program = modules.get(asked);
  if (program) return [venvPython, "-m", program];
  const script = [".mjs", ".ts"]
    .map((ending) => join(projectFolder, "server", "bench", asked + ending))
    .find((path) => existsSync(path));
  if (!files.includes(asked) || !script)
    fail(`npm run bench -- <name>: ${[...modules.keys(), ...files].join(", ")}.`);
  return script.endsWith(".ts") ? [process.execPath, "--import", "tsx", script] : [process.execPath, script];
}

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
