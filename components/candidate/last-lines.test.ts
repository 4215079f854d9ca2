import { expect, it } from "vitest";

import { lastLines } from "./last-lines";

it("shows the two last lines that say something, with their indentation", () => {
  expect(lastLines("import torch\n\nclass Net:\n    def f(self):\n\n        pass\n\n")).toBe("    def f(self):\n        pass");
});

it("keeps the end of one endless line", () => {
  expect(lastLines(`${"x".repeat(10_000)}end`)).toMatch(/end$/);
  expect(lastLines("x".repeat(10_000)).length).toBeLessThanOrEqual(400);
});
