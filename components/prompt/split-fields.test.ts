import { expect, it } from "vitest";

import { findUnknownPromptFields } from "../../server/contract/prompts";
import { splitFields, toOffset } from "./split-fields";

const text = "{{recipe}} of {{ classes }}\n  {'lr'} {{shape}}{{}} {{{recipe}}} {{recipe";

it("marks fields and what only looks like one, and loses nothing", () => {
  const parts = splitFields(text);
  expect(parts.map((part) => part.text).join("")).toBe(text);
  expect(parts.filter(({ kind }) => kind === "field").map((part) => part.text)).toEqual(["{{recipe}}", "{{ classes }}", "{{recipe}}"]);
  expect(parts.filter(({ kind }) => kind === "unknown").map((part) => part.text)).toEqual(["{{shape}}", "{{}}"]);
});

it("finds the place that an error names", () => {
  const [first] = findUnknownPromptFields(text);
  expect(first).toEqual({ field: "shape", line: 2, column: 10 });
  expect(text.slice(toOffset(text, 2, 10))).toMatch(/^\{\{shape\}\}/);
});
