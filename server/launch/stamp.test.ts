import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hashInputs, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

let root: string;

const skip = (path: string) => path.endsWith("b.ts");

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stamp-"));
  mkdirSync(join(root, "source", "deep"), { recursive: true });
  writeFileSync(join(root, "source", "deep", "a.ts"), "one");
  writeFileSync(join(root, "source", "b.ts"), "two");
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("the hash of inputs", () => {
  test("is the same for the same contents, wherever the checkout lies", () => {
    const before = hashInputs(root, ["source"]);
    renameSync(root, `${root}-moved`);
    expect(hashInputs(`${root}-moved`, ["source"])).toBe(before);
    renameSync(`${root}-moved`, root);
  });

  test.each<[string, () => void]>([
    ["a changed file", () => writeFileSync(join(root, "source", "b.ts"), "three")],
    ["a new file", () => writeFileSync(join(root, "source", "c.ts"), "")],
    ["a removed file", () => rmSync(join(root, "source", "b.ts"))],
    ["a renamed file", () => renameSync(join(root, "source", "b.ts"), join(root, "source", "z.ts"))],
    [
      "text moved from one file to the next",
      () => {
        writeFileSync(join(root, "source", "b.ts"), "tw");
        writeFileSync(join(root, "source", "deep", "a.ts"), "oneo");
      },
    ],
  ])("changes with %s", (_what, change) => {
    const before = hashInputs(root, ["source"]);
    change();
    expect(hashInputs(root, ["source"])).not.toBe(before);
  });

  test("changes with a version, and not with a file that does not matter", () => {
    const before = hashInputs(root, ["source"], { skip });
    writeFileSync(join(root, "source", "b.ts"), "other");
    expect(hashInputs(root, ["source"], { skip })).toBe(before);
    expect(hashInputs(root, ["source"], { skip, extra: ["node 24"] })).not.toBe(before);
  });
});

test("a stamp is what was written, and nothing once removed", () => {
  const file = join(root, "stamp");
  expect(readStamp(file)).toBeUndefined();
  writeStamp(file, "abc");
  expect(readStamp(file)).toBe("abc");
  removeStamp(file);
  expect(readStamp(file)).toBeUndefined();
});
