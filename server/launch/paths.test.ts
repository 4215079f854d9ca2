import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findClosedFolder, findHome, openHome } from "./paths.mjs";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "home-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the home", () => {
  test("a relative ARCHLOOM_HOME counts from where the command was typed", () => {
    expect(findHome({ ...process.env, ARCHLOOM_HOME: "mine", INIT_CWD: "/somewhere" })).toBe(
      "/somewhere/mine",
    );
  });

  test("two names of one folder are one home", () => {
    const home = join(folder, "deep", "home");
    const { home: made } = openHome(home);
    symlinkSync(home, join(folder, "link"));
    expect(openHome(join(folder, "link")).home).toBe(made);
  });

  test.each([
    ["a file", () => writeFileSync(join(folder, "home"), ""), /is not a folder/],
    ["below a file", () => writeFileSync(join(folder, "home"), ""), /cannot be used/],
  ])("%s gets a sentence with the way out", (what, prepare, sentence) => {
    prepare();
    const home = what === "a file" ? join(folder, "home") : join(folder, "home", "below");
    expect(() => openHome(home)).toThrow(sentence);
    expect(() => openHome(home)).toThrow(/set ARCHLOOM_HOME to another folder\.$/);
  });

  test("a place where the kernel makes no folders is an error, and not an endless attempt", () => {
    expect(() => openHome("/proc/nowhere/home")).toThrow(/cannot be used/);
  });
});

test("the first folder that stops an account on its way is named", () => {
  const closed = join(folder, "closed");
  mkdirSync(join(closed, "open"), { recursive: true });
  chmodSync(folder, 0o711);
  chmodSync(closed, 0o700);
  const stranger = { uid: 12_345, gid: 12_345 };
  expect(findClosedFolder(join(closed, "open", "not-yet-there"), stranger)).toBe(closed);
  chmodSync(closed, 0o711);
  expect(findClosedFolder(join(closed, "open", "not-yet-there"), stranger)).toBeUndefined();
});
