/**
 * `npm run bench -- startup [--runs n]`: time from the command to the first page, everything installed and built. Each run
 * starts the launcher with one throw-away home, asks for the first page until it comes, and stops it again. The first run
 * also creates the database, and is printed apart.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { projectFolder } from "../launch/paths.mjs";
import { findFreePort } from "../launch/port.mjs";

const { values } = parseArgs({ options: { runs: { type: "string", default: "5" } } });
const home = mkdtempSync(join(tmpdir(), "archloom-bench-"));
chmodSync(home, 0o711);
const first = await measure();
/** @type {{ page: number, stop: number }[]} */
const runs = [];
for (let run = 0; run < Number(values.runs); run += 1) runs.push(await measure());
rmSync(home, { recursive: true, force: true });

console.log(`first start of a home: ${format(first.page)} to the first page, ${format(first.stop)} to stop`);
console.log(
  `second start:          ${format(median(runs.map((run) => run.page)))} to the first page, ` +
    `${format(median(runs.map((run) => run.stop)))} to stop (median of ${runs.length})`,
);

async function measure() {
  const port = await findFreePort();
  const startMs = performance.now();
  const launcher = spawn(
    process.execPath,
    [join(projectFolder, "server", "launch", "start.mjs"), "--no-open", "--port", String(port)],
    {
      env: { ...process.env, ARCHLOOM_HOME: home },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const ended = once(launcher, "exit");
  while (!(await servesPage(`http://127.0.0.1:${port}`))) {
    if (launcher.exitCode !== null) process.exit(1);
    await sleep(20);
  }
  const page = performance.now() - startMs;
  // Let the worker come up, so that stopping stops all of it.
  await sleep(5_000);
  const stopMs = performance.now();
  launcher.kill("SIGTERM");
  await ended;
  return { page, stop: performance.now() - stopMs };
}

/** @param {string} url */
async function servesPage(url) {
  const response = await fetch(url).catch(() => undefined);
  return response?.status === 200 && (await response.text()).includes("</html>");
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** @param {number} milliseconds */
function format(milliseconds) {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
