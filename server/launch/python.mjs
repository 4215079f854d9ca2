import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { assertCheckoutIdle, changeCheckout, installationEnvironment, installationLog } from "./checkout.mjs";
import { runCommand } from "./command.mjs";
import { readLogEnd } from "./logs.mjs";
import { projectFolder, venvFolder, venvPython, workerFolder } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { hashInputs, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

const stampFile = join(venvFolder, ".archloom-stamp");
const candidates = ["python3.13", "python3.12", "python3.11", "python3"];
const needed = "Python 3.11 or newer with the modules venv and ensurepip";

/** @typedef {{ command: string, version: string }} Python */

/**
 * The interpreter to build the environment with: ARCHLOOM_PYTHON, else the first usable candidate. A command may exist
 * and still fail (version managers leave such stubs), so each one is asked.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Python}
 */
export function findPython(env = process.env) {
  const asked = env.ARCHLOOM_PYTHON;
  const probes = (asked ? [asked] : candidates).map((command) => probePython(command));
  const usable = probes.find((probe) => "version" in probe);
  if (usable && "version" in usable) return usable;
  const reasons = probes.flatMap((probe) =>
    "reason" in probe && probe.found ? `${probe.command} ${probe.reason}` : [],
  );
  if (asked) {
    const reason = reasons[0] ?? `${asked} cannot be run`;
    throw new Problem(
      `Archloom needs ${needed}, but ${reason}: point ARCHLOOM_PYTHON to another interpreter.`,
    );
  }
  const found = reasons.length > 0 ? ` (found: ${reasons.join("; ")})` : "";
  const advice = "install it (on Debian and Ubuntu: apt install python3 python3-venv) or set ARCHLOOM_PYTHON";
  throw new Problem(`Archloom needs ${needed}${found}: ${advice}.`);
}

/**
 * @param {string} command
 * @returns {Python | { command: string, found: boolean, reason: string }}
 */
function probePython(command) {
  const script = 'import sys; print("%d.%d.%d" % sys.version_info[:3], flush=True); import venv, ensurepip';
  const { status, stdout, error } = spawnSync(command, ["-c", script], { encoding: "utf8", timeout: 20_000 });
  const version = (stdout ?? "").trim();
  if (error || !/^\d+\.\d+\.\d+$/.test(version)) return { command, found: false, reason: "cannot be run" };
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 3 || (major === 3 && minor < 11)) return { command, found: true, reason: `is ${version}` };
  if (status !== 0) return { command, found: true, reason: `(${version}) lacks venv or ensurepip` };
  return { command, version };
}

/**
 * Which build of torch is wanted: `auto` takes what pip brings; `cpu` and `cuda` are checked after the installation.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {'auto' | 'cpu' | 'cuda'}
 */
export function readTorchChoice(env = process.env) {
  const choice = env.ARCHLOOM_TORCH || "auto";
  if (choice === "auto" || choice === "cpu" || choice === "cuda") return choice;
  throw new Problem(`ARCHLOOM_TORCH is auto, cpu or cuda, not "${choice}".`);
}

/**
 * The stamp of an environment: inputs, and whether the development packages are in.
 * @param {boolean} development
 */
function toPythonStamp(development) {
  const hash = hashInputs(workerFolder, ["pyproject.toml", "constraints.txt"], { extra: [projectFolder] });
  return `${hash} ${development ? "development" : "runtime"}`;
}

/**
 * Whether the environment serves: with development packages it also serves those who do not need them.
 * @param {boolean} development
 */
export function isPythonReady(development) {
  const stamp = readStamp(stampFile);
  if (!existsSync(venvPython)) return false;
  return stamp === toPythonStamp(true) || (!development && stamp === toPythonStamp(false));
}

/**
 * Makes or updates the environment in `.archloom/venv`.
 * @param {boolean} development with the packages that tests and checks need
 * @param {import('./terminal.mjs').Report} report
 * @returns {Promise<string>} what was done
 */
export async function preparePython(development, report) {
  const torch = readTorchChoice();
  if (isPythonReady(development)) {
    if (torch !== "auto") assertTorch(torch);
    return "up to date";
  }
  return changeCheckout(report, async () => {
    if (!isPythonReady(development)) {
      // Development packages only add files; anything else changes what a running worker may still import.
      if (readStamp(stampFile) !== toPythonStamp(false)) assertCheckoutIdle("The pinned Python packages");
      await install(development, report);
    }
    return `torch ${assertTorch(torch)}`;
  });
}

/** @param {boolean} development @param {import('./terminal.mjs').Report} report */
async function install(development, report) {
  const log = installationLog("python");
  const env = { ...installationEnvironment(), PIP_DISABLE_PIP_VERSION_CHECK: "1", PYTHONUNBUFFERED: "1" };
  /** @param {string} command @param {string[]} args */
  const run = async (command, args) => {
    const result = await runCommand(command, args, {
      cwd: projectFolder,
      env,
      log,
      onLine: (line) => report(line.trim()),
    });
    if (result.code !== 0) throw toProblem(log, result.output);
  };
  // Without a stamp the last installation did not finish: begin anew rather than trust half a package.
  if (readStamp(stampFile) === undefined || !existsSync(venvPython)) {
    const { command, version } = findPython();
    report(`environment for Python ${version}`);
    await run(command, ["-m", "venv", "--clear", venvFolder]);
  }
  removeStamp(stampFile);
  const target = `${workerFolder}${development ? "[dev]" : ""}`;
  const constraints = join(workerFolder, "constraints.txt");
  const pip = ["-m", "pip", "install", "--no-input", "--progress-bar", "off", "--constraint", constraints];
  await run(venvPython, [...pip, "--editable", target]);
  report("first import of torch");
  await run(venvPython, ["-c", "import torch, transformers, peft, sandlock, psycopg"]);
  writeStamp(stampFile, toPythonStamp(development));
}

/**
 * @param {'auto' | 'cpu' | 'cuda'} choice
 * @returns {string} version of the installed torch, as `torch.__version__` has it
 */
function assertTorch(choice) {
  // torch/version.py is what torch.__version__ and torch.version.cuda are made of, 3 s faster than importing torch.
  const script = `
import runpy, importlib.util, pathlib
folder = pathlib.Path(importlib.util.find_spec("torch").origin).parent
version = runpy.run_path(str(folder / "version.py"))
print(version["__version__"], version["cuda"])`;
  const { stdout } = spawnSync(venvPython, ["-c", script], { encoding: "utf8" });
  const [version = "unknown", cuda = "None"] = (stdout ?? "").trim().split(" ");
  if (choice === "auto" || (choice === "cuda") === (cuda !== "None")) return version;
  const advice = `let pip find the ${choice} build (its index or find-links settings), delete .archloom/venv and start again`;
  throw new Problem(`ARCHLOOM_TORCH=${choice}, but pip brought torch ${version} (CUDA: ${cuda}): ${advice}.`);
}

/** @param {string} log @param {string} output */
function toProblem(log, output) {
  const details = readLogEnd(log);
  if (/no space left/i.test(output)) {
    return new Problem(
      "The disk filled up while installing Python packages: free 3 GB (8 GB for CUDA) and start again.",
      { details },
    );
  }
  return new Problem(
    `Installing the Python packages failed: see ${log}, and check that pip's index can be reached.`,
    { details },
  );
}
