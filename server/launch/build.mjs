import { join } from "node:path";
import { assertCheckoutIdle, changeCheckout, installationEnvironment, installationLog } from "./checkout.mjs";
import { runCommand } from "./command.mjs";
import { readLogEnd } from "./logs.mjs";
import { projectFolder } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { hashInputs, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

const stampFile = join(projectFolder, ".next", "archloom-stamp");
const sources = [
  "app",
  "components",
  "server",
  "drizzle/schema",
  "public",
  "next.config.js",
  "postcss.config.mjs",
  "tsconfig.json",
  "package-lock.json",
];
const skipped = /^server\/(launch|bench|test)\/|\.test\.tsx?$/;

/** @returns {string} what the production build is made of */
function hashBuildInputs() {
  return hashInputs(projectFolder, sources, { extra: [process.version], skip: (path) => skipped.test(path) });
}

/**
 * Builds the web application, unless the build that is there was made from these very sources.
 * @param {import('./terminal.mjs').Report} report
 * @returns {Promise<string>} what was done
 */
export async function prepareBuild(report) {
  const wanted = hashBuildInputs();
  if (readStamp(stampFile) === wanted) return "up to date";
  return changeCheckout(report, async () => {
    if (readStamp(stampFile) === wanted) return "up to date";
    assertCheckoutIdle("The sources");
    removeStamp(stampFile);
    const log = installationLog("build");
    const env = {
      ...installationEnvironment(),
      NODE_ENV: /** @type {const} */ ("production"),
      NEXT_TELEMETRY_DISABLED: "1",
    };
    const next = join(projectFolder, "node_modules", "next", "dist", "bin", "next");
    const result = await runCommand(process.execPath, [next, "build"], {
      cwd: projectFolder,
      env,
      log,
      onLine: (line) => report(line.trim()),
    });
    if (result.code !== 0) {
      throw new Problem(`The production build failed: see ${log}.`, { details: readLogEnd(log, 25) });
    }
    writeStamp(stampFile, wanted);
    return "built";
  });
}
