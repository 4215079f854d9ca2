/**
 * `npm run bench -- bare-clone`: time from an empty folder to the first finished cycle of 48, installs included. Clones the
 * last commit, runs `npm start` there, starts one cycle of the preset `starter` as soon as it answers, and waits for its end.
 * pip's and npm's caches are used as they are; the figure depends on them and on the network.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectFolder } from "../launch/paths.mjs";

const folder = mkdtempSync(join(tmpdir(), "archloom-clone-"));
chmodSync(folder, 0o711);
const clone = join(folder, "archloom");
const { ARCHLOOM_HOME: _home, ARCHLOOM_URL: _url, DATABASE_URL: _database, ...env } = process.env;
const startMs = performance.now();
const elapsed = () => `${((performance.now() - startMs) / 1000).toFixed(0)} s`;
run("git", ["clone", "--quiet", projectFolder, clone], folder);
// What npm start runs, without npm, which would stand between it and the signal that ends it.
const launcher = spawn(process.execPath, ["server/launch/start.mjs", "--no-open", "--port", "0"], {
  cwd: clone,
  env,
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = once(launcher, "exit");
try {
  await ready();
  console.log(`ready after ${elapsed()}`);
  const cycle = ["run", "start", "--preset", "starter", "--set", "cycles=1", "--wait", "--json"];
  const { cycles } = JSON.parse(run("npm", ["run", "-s", "archloom", "--", ...cycle], clone));
  console.log(`first cycle finished after ${elapsed()}: ${cycles[0].valid} of ${cycles[0].rated} valid`);
} finally {
  launcher.kill("SIGINT");
  await ended;
  // A process that is just ending may still hold a file.
  await sleep(500);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function ready() {
  return new Promise((resolve, reject) => {
    launcher.stdout.setEncoding("utf8").on("data", (text) => {
      if (text.includes("Archloom is at")) resolve(undefined);
    });
    launcher.once("exit", () => reject(new Error("npm start ended before it was ready")));
  });
}

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return stdout;
}
