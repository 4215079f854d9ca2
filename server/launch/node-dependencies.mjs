import { basename, join } from "node:path";
import { assertCheckoutIdle, changeCheckout, installationEnvironment, installationLog } from "./checkout.mjs";
import { runCommand } from "./command.mjs";
import { readLogEnd } from "./logs.mjs";
import { projectFolder } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { hashInputs, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

// Inside node_modules, so that deleting the folder (npm ci does) deletes the stamp with it.
const stampFile = join(projectFolder, "node_modules", ".archloom-stamp");

/** @returns {string} what the installed packages depend on: the lock file, and what native ones are built for */
function hashNodeDependencies() {
  const extra = [process.versions.modules, process.arch];
  return hashInputs(projectFolder, ["package-lock.json"], { extra });
}

/** @returns {boolean} whether the installed packages are those of package-lock.json */
export function isNodeReady() {
  return readStamp(stampFile) === hashNodeDependencies();
}

/**
 * Installs exactly what package-lock.json says, unless that is what is there.
 * @param {import('./terminal.mjs').Report} report
 * @returns {Promise<string>} what was done
 */
export async function prepareNodeDependencies(report) {
  if (isNodeReady()) return "up to date";
  return changeCheckout(report, async () => {
    if (isNodeReady()) return "up to date";
    assertCheckoutIdle("package-lock.json");
    removeStamp(stampFile);
    const log = installationLog("npm");
    report("npm ci");
    // Development packages too: the production build needs the types, and a later `npm test` nothing more.
    const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"];
    const [command, ...prefix] = findNpm();
    const env = installationEnvironment();
    const result = await runCommand(command, [...prefix, ...args], {
      cwd: projectFolder,
      env,
      log,
      onLine: report,
    });
    if (result.code !== 0) throw toProblem(log, result.output);
    writeStamp(stampFile, hashNodeDependencies());
    return "installed from package-lock.json";
  });
}

/** @returns {[string, ...string[]]} the npm that runs us, else the one on the path */
function findNpm() {
  const running = process.env.npm_execpath;
  return running && basename(running) === "npm-cli.js" ? [process.execPath, running] : ["npm"];
}

/** @param {string} log @param {string} output */
function toProblem(log, output) {
  const details = readLogEnd(log);
  if (/ENOSPC|no space left/i.test(output)) {
    return new Problem("The disk filled up during npm ci: free 1 GB and start again.", { details });
  }
  return new Problem(`npm ci failed: see ${log}, and check that the npm registry can be reached.`, {
    details,
  });
}
