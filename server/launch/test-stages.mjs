/**
 * The stages of `npm test`. A stage is a list of commands; each one counts its tests from a report it wrote, or counts as one
 * test itself.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder, venvFolder, venvPython, workerFolder } from "./paths.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string} command
 * @property {string[]} args
 * @property {string} [cwd] default: the project's root
 * @property {string} [report] file the command writes; without one the exit code is the result
 * @property {(text: string) => Counts} [count] reads the report
 */

/** What a stage needs prepared. @typedef {'build' | 'database'} Need */

/** @typedef {{ name: string, needs: Need[], checks: Check[] }} Stage */

/** @param {string} name */
const nodeProgram = (name) => join(projectFolder, "node_modules", ".bin", name);
const ruff = join(venvFolder, "bin", "ruff");

/**
 * @param {string} reports folder for machine-readable results
 * @returns {Stage[]} in the order they run: quick ones first
 */
export function listStages(reports) {
  const unitReport = join(reports, "unit.json");
  const pythonReport = join(reports, "python.xml");
  const browserReport = join(reports, "browser.json");
  return [
    {
      name: "lint",
      needs: [],
      checks: [
        { name: "oxlint", command: nodeProgram("oxlint"), args: [] },
        { name: "knip", command: nodeProgram("knip"), args: ["--no-progress"] },
        { name: "ruff check", command: ruff, args: ["check", "."], cwd: workerFolder },
        { name: "ruff format", command: ruff, args: ["format", "--check", "."], cwd: workerFolder },
      ],
    },
    {
      name: "types",
      needs: ["build"],
      checks: [
        { name: "tsc", command: nodeProgram("tsc"), args: ["--noEmit"] },
        {
          name: "pyright",
          command: nodeProgram("pyright"),
          args: ["-p", "gpu-worker", "--pythonpath", venvPython],
        },
      ],
    },
    {
      name: "contract",
      needs: [],
      checks: [
        {
          name: "contract:check",
          command: nodeProgram("tsx"),
          args: ["server/contract/generate.ts", "--check"],
        },
      ],
    },
    {
      name: "unit",
      needs: ["database"],
      checks: [
        {
          name: "vitest",
          command: nodeProgram("vitest"),
          args: ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${unitReport}`],
          report: unitReport,
          count: countVitest,
        },
      ],
    },
    {
      name: "python",
      needs: ["database"],
      checks: [
        {
          name: "pytest",
          command: venvPython,
          // In alphabetical order, so that no long file is left for the end.
          args: ["-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", `--junit-xml=${pythonReport}`],
          cwd: workerFolder,
          report: pythonReport,
          count: countJunit,
        },
      ],
    },
    {
      name: "browser",
      needs: ["build"],
      checks: [
        {
          name: "playwright",
          command: nodeProgram("playwright"),
          args: ["test", "--config=e2e/playwright.config.ts", "--reporter=list,json"],
          report: browserReport,
          count: countPlaywright,
        },
      ],
    },
  ];
}

/** @param {string} text JSON of vitest's json reporter */
export function countVitest(text) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(text);
  // A file that fails before its first test has no failed test to count.
  const broken = testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === "failed" && file.assertionResults.length === 0,
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken.length,
    skipped: numPendingTests + (numTodoTests ?? 0),
  };
}

/** @param {string} text XML of pytest's --junit-xml */
export function countJunit(text) {
  const suite = /<testsuite\b[^>]*>/.exec(text)?.[0] ?? "";
  const read = (/** @type {string} */ name) =>
    Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = read("failures") + read("errors");
  return { passed: Math.max(0, read("tests") - failed - read("skipped")), failed, skipped: read("skipped") };
}

/** @param {string} text JSON of Playwright's json reporter */
export function countPlaywright(text) {
  const { stats, errors } = JSON.parse(text);
  // Flaky: failed, then passed when tried again. It passed, and the list says so.
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  };
}

/**
 * The result of one check. A command that failed counts at least one failure, and one that ran no test has not passed.
 * @param {Check} check
 * @param {number} code exit status
 * @returns {Counts}
 */
export function toCounts(check, code) {
  if (!check.report || !check.count)
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  const counts = readCounts(check.report, check.count);
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) return { ...counts, failed: 1 };
  return counts;
}

/** @param {string} report @param {(text: string) => Counts} count */
function readCounts(report, count) {
  try {
    return count(readFileSync(report, "utf8"));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
