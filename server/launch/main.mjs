/** `npm start`, step by step: from a bare checkout to a served page, and back to nothing on Ctrl-C. */
import { findInstance } from "./instance.mjs";
import { createInstance } from "./run-instance.mjs";
import { openBrowser } from "./browser.mjs";
import { prepareBuild } from "./build.mjs";
import { tryLock } from "./lock.mjs";
import { prepareNodeDependencies } from "./node-dependencies.mjs";
import { parseStartOptions, usage } from "./options.mjs";
import { findHome, openHome } from "./paths.mjs";
import { choosePort } from "./port.mjs";
import { checkHome, checkPrerequisites } from "./prerequisites.mjs";
import { Problem, describeError } from "./problem.mjs";
import { preparePython } from "./python.mjs";
import { onStopSignal } from "./signals.mjs";
import { createTerminal } from "./terminal.mjs";

/** @param {string[]} args of the command line */
export async function main(args) {
  const terminal = createTerminal();
  try {
    const options = parseStartOptions(args);
    if (options.help) return terminal.print(usage);
    await start(options, terminal);
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exit(1);
  }
}

/**
 * @param {import('./options.mjs').StartOptions} options
 * @param {import('./terminal.mjs').Terminal} terminal
 */
async function start(options, terminal) {
  const startedMs = performance.now();
  const paths = openHome(findHome());
  await lockHome(paths);
  const instance = createInstance(paths, terminal);
  const signals = onStopSignal({
    stop: async () => {
      terminal.print("Stopping: worker, web, database (Ctrl-C again to kill)");
      await instance.stop();
    },
    kill: () => instance.kill(),
  });
  /** @type {typeof terminal.step} A stop that was asked for in the middle of a step ends the sequence there. */
  const step = async (name, work, describe) => {
    await signals.untilNotStopping();
    const result = await terminal.step(name, work, describe).catch(async (error) => {
      await signals.untilNotStopping();
      throw error;
    });
    await signals.untilNotStopping();
    return result;
  };

  try {
    const { port, note } = await step(
      "Prerequisites",
      async () => {
        checkHome(paths.home, process.env);
        const found = checkPrerequisites({ development: false });
        await instance.recover();
        return { ...(await choosePort(options.port)), found };
      },
      ({ found, note: remark }) => [found, remark].filter(Boolean).join("; "),
    );
    await step("Node dependencies", prepareNodeDependencies, String);
    await step("Python environment", (report) => preparePython(false, report), String);
    await step("Production build", prepareBuild, String);
    await step("Database", () => instance.startDatabase(), String);
    await step(
      "Migrations",
      () => instance.migrate(),
      (count) => (count === 0 ? "up to date" : `${count} applied`),
    );
    await step("Web", () => instance.startWeb(port), String);
    await step("Worker", () => instance.startWorker(), String);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    terminal.print(
      `\nArchloom is at ${instance.url()} (ready after ${seconds} s${note && `, ${note}`}). Ctrl-C stops it.`,
    );
    if (options.open) openBrowser(instance.url());
  } catch (error) {
    await instance.stop();
    throw error;
  }
}

/** @param {import('./paths.mjs').HomePaths} paths */
async function lockHome(paths) {
  if (await tryLock("home", paths.home)) return;
  const url = findInstance(paths.instance)?.url;
  const where = url ? `already runs at ${url}` : "is just being started";
  throw new Problem(
    `Archloom ${where} with the home ${paths.home}: use that one, stop it, or set ARCHLOOM_HOME to another folder.`,
  );
}
