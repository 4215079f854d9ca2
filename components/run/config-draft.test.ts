import { describe, expect, it } from "vitest";

import { presets } from "../../server/contract/presets";
import type { FieldDescriptor } from "../../server/run/views";
import { describeBounds, explain, labelOf, readDraft, toDraft } from "./config-draft";

const field = (path: string, change: Partial<FieldDescriptor> = {}): FieldDescriptor => ({
  path,
  type: "number",
  description: "",
  min: null,
  max: null,
  min_exclusive: false,
  max_exclusive: false,
  options: null,
  ...change,
});

const leaves = (value: unknown, path: string[] = []): FieldDescriptor[] =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
    : [
        field(path.join("."), {
          type: typeof value === "boolean" ? "boolean" : typeof value === "number" ? "number" : Array.isArray(value) ? "list" : "text",
        }),
      ];

const fields = leaves(presets.starter);

describe("the start form's draft", () => {
  it("gives back exactly the configuration it was made of", () => {
    expect(readDraft(toDraft(presets.starter, fields), fields)).toEqual({ config: presets.starter, problems: null });
  });

  it("names each field that is wrong, and only those", () => {
    const draft = { ...toDraft(presets.starter, fields), cycles: "0", "generation.temperature": "hot", "lora.target_modules": [] };
    const { config, problems } = readDraft(draft, fields);
    expect(config).toBeNull();
    expect(Object.keys(problems ?? {}).toSorted()).toEqual(["cycles", "generation.temperature", "lora.target_modules"]);
  });

  it("refuses an empty number instead of taking it for 0", () => {
    const { problems } = readDraft({ ...toDraft(presets.starter, fields), seed: " " }, fields);
    expect(problems).toHaveProperty("seed");
  });
});

describe("bounds in words", () => {
  it("tells open from closed ends", () => {
    expect(describeBounds(field("a", { min: 1, max: 256 }))).toBe("from 1 to 256");
    expect(describeBounds(field("a", { min: 0, max: 0.1, min_exclusive: true }))).toBe("above 0, at most 0.1");
  });

  it("asks for a whole number where one is needed", () => {
    expect(explain(field("a", { type: "integer", min: 1, max: 2 }))).toBe("Must be a whole number from 1 to 2.");
  });

  it("makes a label of a path", () => {
    expect(labelOf("generation.max_new_tokens")).toBe("Max new tokens");
  });
});
