/**
 * Runs a program of the worker with the instance's home: `npm run gpu-check`, `npm run data -- fetch cifar10`.
 * Expects what `npm start` prepares.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { findHome, projectFolder, venvPython } from "./paths.mjs";

const [module = "", ...args] = process.argv.slice(2);
if (!existsSync(venvPython)) {
  process.stderr.write("The worker's Python environment is not there yet: run npm start once.\n");
  process.exit(1);
}
const child = spawn(venvPython, ["-m", module, ...args], {
  cwd: projectFolder,
  env: { ...process.env, ARCHLOOM_HOME: findHome() },
  stdio: "inherit",
});
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
// Ctrl+C reaches both; the program says how it ends.
process.on("SIGINT", () => undefined);
