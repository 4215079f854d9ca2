import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { countJunit, countPlaywright, countVitest, toCounts } from "./test-stages.mjs";

test("pytest's report counts errors in set-up as failures", () => {
  const report = `<?xml version="1.0"?><testsuites name="pytest tests">
    <testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1.5">`;
  expect(countJunit(report)).toEqual({ passed: 4, failed: 3, skipped: 3 });
});

test("vitest's report counts a file that breaks before its first test as one failure", () => {
  const report = {
    numPassedTests: 4,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: [
      { status: "failed", assertionResults: [] },
      { status: "failed", assertionResults: [{}] },
      { status: "passed", assertionResults: [{}] },
    ],
  };
  expect(countVitest(JSON.stringify(report))).toEqual({ passed: 4, failed: 2, skipped: 3 });
});

test("Playwright's report counts errors outside of tests as failures", () => {
  const report = {
    stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 },
    errors: [{ message: "no browser" }],
  };
  expect(countPlaywright(JSON.stringify(report))).toEqual({ passed: 4, failed: 2, skipped: 2 });
});

test("a runner that failed, ran nothing, or left no report has not passed", () => {
  const folder = mkdtempSync(join(tmpdir(), "counts-"));
  const report = join(folder, "report.xml");
  const check = { name: "pytest", command: "pytest", args: [], report, count: countJunit };
  expect(toCounts(check, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  writeFileSync(report, '<testsuite errors="0" failures="0" skipped="0" tests="0">');
  expect(toCounts(check, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  writeFileSync(report, '<testsuite errors="0" failures="0" skipped="0" tests="2">');
  expect(toCounts(check, 0)).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect(toCounts(check, 3)).toEqual({ passed: 2, failed: 1, skipped: 0 });
  rmSync(folder, { recursive: true });
});
