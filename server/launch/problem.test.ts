import { expect, test } from "vitest";
import { Problem, describeError } from "./problem.mjs";

test("a problem is its sentence and the lines that belong to it, without a stack trace", () => {
  const problem = new Problem("Do this.", { details: "    last line of a log", cause: new Error("inner") });
  expect(describeError(problem, { ...process.env, ARCHLOOM_DEBUG: "" })).toBe(
    "Do this.\n    last line of a log",
  );
});

test("ARCHLOOM_DEBUG=1 shows where it comes from, and its cause", () => {
  const text = describeError(new Problem("Do this.", { cause: new Error("inner") }), {
    ...process.env,
    ARCHLOOM_DEBUG: "1",
  });
  expect(text).toContain("problem.test.ts");
  expect(text).toContain("caused by: Error: inner");
});

test("a full disk is said in words, wherever it was met", () => {
  const error = Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
    path: "/data/x",
  });
  expect(describeError(error, { ...process.env, ARCHLOOM_DEBUG: "" })).toMatch(
    /^The disk is full \(writing \/data\/x\): free some space/,
  );
});
