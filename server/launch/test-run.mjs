/**
 * `npm test` from a bare checkout: prepares like `npm start`, runs the stages one after another (they would only fight for two
 * cores), goes on after a failing one, and ends with one line of counts.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepareBuild } from "./build.mjs";
import { abortCommands, runCommand } from "./command.mjs";
import { prepareNodeDependencies } from "./node-dependencies.mjs";
import { projectFolder } from "./paths.mjs";
import { ensurePostgresAccount } from "./postgres-account.mjs";
import { checkPrerequisites } from "./prerequisites.mjs";
import { Problem, describeError } from "./problem.mjs";
import { preparePython } from "./python.mjs";
import { onStopSignal } from "./signals.mjs";
import { createTerminal } from "./terminal.mjs";
import { startTestDatabase, testDatabaseVariable } from "./test-database.mjs";
import { listStages, toCounts } from "./test-stages.mjs";

/** @typedef {import('./test-stages.mjs').Counts} Counts */

/** @param {string[]} args of the command line */
export async function main(args) {
  const terminal = createTerminal();
  // Short, because Unix sockets below it may not have names over 107 characters.
  const scratch = mkdtempSync(join(tmpdir(), "archloom-test-"));
  // As root, PostgreSQL runs as another account, which has to pass through here.
  chmodSync(scratch, 0o711);
  /** @type {(() => Promise<void>)[]} */
  const cleanUps = [async () => rmSync(scratch, { recursive: true, force: true })];
  const cleanUp = async () => {
    for (const work of cleanUps.toReversed()) await work();
  };
  onStopSignal({
    kill: abortCommands,
    stop: async () => {
      abortCommands();
      await cleanUp();
      process.exit(130);
    },
  });
  try {
    const stages = chooseStages(args, listStages(scratch));
    const needs = new Set(stages.flatMap((stage) => stage.needs));
    await prepare(terminal);
    /** @type {Counts[]} */
    const results = [];
    const buildFailed = needs.has("build") && !(await build(terminal, results));
    const env = toTestEnvironment(scratch);
    if (needs.has("database")) {
      const database = await terminal.step("Test database", startTestDatabase);
      cleanUps.push(database.stop);
      env[testDatabaseVariable] = database.url;
    }
    for (const stage of stages) {
      if (stage.name === "browser" && buildFailed) {
        terminal.print("✗ browser: there is no build to look at");
        results.push({ passed: 0, failed: 1, skipped: 0 });
      } else {
        results.push(...(await runStage(terminal, stage, env)));
      }
    }
    await cleanUp();
    const total = addUp(results);
    terminal.print(
      `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
    );
    process.exit(total.failed === 0 ? 0 : 1);
  } catch (error) {
    await cleanUp();
    process.stderr.write(`${describeError(error)}\n`);
    process.exit(1);
  }
}

/** @param {import('./terminal.mjs').Terminal} terminal */
async function prepare(terminal) {
  await terminal.step("Prerequisites", async () => checkPrerequisites({ development: true }), String);
  ensurePostgresAccount();
  await terminal.step("Node dependencies", prepareNodeDependencies, String);
  await terminal.step("Python environment", (report) => preparePython(true, report), String);
}

/**
 * The production build counts as a test: the pages have to compile.
 * @param {import('./terminal.mjs').Terminal} terminal
 * @param {Counts[]} results
 */
function build(terminal, results) {
  return passes(terminal, "Production build", results, async (report) => {
    const done = await prepareBuild(report);
    results.push({ passed: 1, failed: 0, skipped: 0 });
    return done;
  });
}

/**
 * Runs the checks of one stage.
 * @param {import('./terminal.mjs').Terminal} terminal
 * @param {import('./test-stages.mjs').Stage} stage
 * @param {NodeJS.ProcessEnv} env
 */
async function runStage(terminal, stage, env) {
  /** @type {Counts[]} */
  const results = [];
  for (const check of stage.checks) {
    await passes(terminal, `${stage.name}: ${check.name}`, results, async (report) => {
      const own = check.report ? { PLAYWRIGHT_JSON_OUTPUT_NAME: check.report } : {};
      const options = { cwd: check.cwd ?? projectFolder, env: { ...env, ...own }, onLine: report };
      const { code, output } = await runCommand(check.command, check.args, options);
      const counts = toCounts(check, code);
      if (counts.failed > 0) throw new Failure(counts, output);
      results.push(counts);
      return check.report ? describeCounts(counts) : "";
    });
  }
  return results;
}

class Failure extends Error {
  /** @param {Counts} counts @param {string} output of the command */
  constructor(counts, output) {
    super(output);
    this.counts = counts;
  }
}

/**
 * A step whose failure is counted and shown, and does not end the run.
 * @param {import('./terminal.mjs').Terminal} terminal
 * @param {string} name
 * @param {Counts[]} results gets the counts of a failure
 * @param {(report: import('./terminal.mjs').Report) => Promise<string>} work
 * @returns {Promise<boolean>} whether it passed
 */
async function passes(terminal, name, results, work) {
  try {
    await terminal.step(name, work, String);
    return true;
  } catch (error) {
    const counts = error instanceof Failure ? error.counts : { passed: 0, failed: 1, skipped: 0 };
    terminal.print(error instanceof Failure ? error.message.trim() : describeError(error));
    results.push(counts);
    return false;
  }
}

/** @param {string[]} args @param {import('./test-stages.mjs').Stage[]} stages */
function chooseStages(args, stages) {
  const only = parse(args)
    ?.split(",")
    .map((name) => name.trim());
  if (!only) return stages;
  const unknown = only.find((name) => !stages.some((stage) => stage.name === name));
  if (unknown === undefined) return stages.filter((stage) => only.includes(stage.name));
  throw new Problem(
    `There is no stage "${unknown}": --only takes ${stages.map((stage) => stage.name).join(", ")}, joined by commas.`,
  );
}

/** @param {string[]} args @returns {string | undefined} */
function parse(args) {
  try {
    return parseArgs({ args, options: { only: { type: "string" } } }).values.only;
  } catch (error) {
    throw new Problem("npm test takes no arguments but --only, such as: npm test -- --only lint,unit.", {
      cause: error,
    });
  }
}

/**
 * Tests see nothing of the person's own instance, and leave temporary files only where they are removed.
 * @param {string} scratch
 * @returns {NodeJS.ProcessEnv}
 */
function toTestEnvironment(scratch) {
  const { DATABASE_URL: _url, ARCHLOOM_HOME: _home, ARCHLOOM_URL: _web, PORT: _port, ...rest } = process.env;
  return { ...rest, NODE_ENV: "test", TMPDIR: scratch };
}

/** @param {Counts[]} results @returns {Counts} */
function addUp(results) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of results) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

/** @param {Counts} counts */
function describeCounts({ passed, skipped }) {
  return `${passed} passed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
