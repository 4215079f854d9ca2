import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findPython, readTorchChoice } from "./python.mjs";

const folder = mkdtempSync(join(tmpdir(), "python-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A command that answers the launcher's question like an interpreter of that version. */
function makePython(name: string, version: string, { complete = true } = {}) {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho ${version}\nexit ${complete ? 0 : 1}\n`);
  chmodSync(path, 0o755);
  return path;
}

test("ARCHLOOM_PYTHON decides, whatever else is there", () => {
  const command = makePython("mine", "3.12.7");
  expect(findPython({ ...process.env, ARCHLOOM_PYTHON: command })).toEqual({ command, version: "3.12.7" });
});

test.each<[string, string, RegExp]>([
  ["too old", makePython("old", "3.10.14"), /is 3\.10\.14: point ARCHLOOM_PYTHON/],
  ["without venv", makePython("bare", "3.11.2", { complete: false }), /\(3\.11\.2\) lacks venv or ensurepip/],
  ["of the wrong century", makePython("two", "2.7.18"), /is 2\.7\.18/],
  ["missing", join(folder, "nothing"), /cannot be run: point ARCHLOOM_PYTHON/],
])("an interpreter that is %s gets a sentence", (_what, command, sentence) => {
  expect(() => findPython({ ...process.env, ARCHLOOM_PYTHON: command })).toThrow(sentence);
});

test("the choice of torch is one of three words", () => {
  expect(readTorchChoice({ ...process.env, ARCHLOOM_TORCH: "" })).toBe("auto");
  expect(readTorchChoice({ ...process.env, ARCHLOOM_TORCH: "cuda" })).toBe("cuda");
  expect(() => readTorchChoice({ ...process.env, ARCHLOOM_TORCH: "rocm" })).toThrow("auto, cpu or cuda");
});
