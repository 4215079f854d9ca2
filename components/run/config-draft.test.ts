import { describe, expect, it } from "vitest";

import { findConfigProblems } from "../../server/contract/config-problems";
import { presets } from "../../server/contract/presets";
import type { FieldDescriptor } from "../../server/run/views";
import { changeDraft, describeBounds, explain, labelOf, readDraft, toDraft } from "./config-draft";
import { basicPaths, configGroups } from "./config-groups";

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

  it("says what a name should look like", () => {
    const draft = { ...toDraft(presets.starter, fields), recipe: "CIFAR 10", "lora.target_modules": ["q proj"], "prompt.template": "starter" };
    expect(readDraft(draft, fields).problems).toEqual({
      recipe: "A recipe's name looks like cifar10-paper.",
      "prompt.template": "A prompt template and its version look like starter@1.",
      "lora.target_modules": "A layer's name has letters, digits, dots and dashes.",
    });
  });

  it("refuses an empty number instead of taking it for 0", () => {
    const { problems } = readDraft({ ...toDraft(presets.starter, fields), seed: " " }, fields);
    expect(problems).toHaveProperty("seed");
  });
});

describe("another backend", () => {
  const draft = toDraft(presets.paper, fields);

  it.each(["grammar", "transformers"])("%s leaves nothing behind that only the one before could use", (backend) => {
    const server = { ...changeDraft(draft, "backend", "server"), server_url: "http://127.0.0.1:8000/v1" };
    const { config } = readDraft(changeDraft(server, "backend", backend), fields);
    expect(config === null ? ["unreadable"] : findConfigProblems(config)).toEqual([]);
  });

  it("keeps the model's name where it may mean the same", () => {
    expect(changeDraft(draft, "backend", "server")["model"]).toBe(presets.paper.model);
    const grammar = changeDraft(draft, "backend", "grammar");
    expect(grammar["model"]).toBe("grammar");
    expect(changeDraft(grammar, "backend", "transformers")["model"]).toBe("starter");
    expect(changeDraft(draft, "model", "other")).toEqual({ ...draft, model: "other" });
  });
});

describe("the form's groups", () => {
  it("hold every field of the configuration once; the preset is not a field", () => {
    const placed = [...basicPaths, ...configGroups.flatMap(({ paths }) => paths)];
    expect(placed.toSorted()).toEqual(fields.map(({ path }) => path).filter((path) => path !== "preset").toSorted());
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
