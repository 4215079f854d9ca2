import { describe, expect, it } from "vitest";

import { presets } from "../../server/contract/presets";
import type { FieldDescriptor } from "../../server/run/views";
import { toDraft } from "../run/config-draft";
import { addArm, dropPath, emptyStudy, formTemplates, listPaths, planStudy, setValue, showPath, type StudyDraft, toChanges } from "./study-draft";

const typeOf = (value: unknown): FieldDescriptor["type"] =>
  typeof value === "boolean" ? "boolean" : typeof value === "number" ? "number" : Array.isArray(value) ? "list" : "text";

const toFields = (value: object, prefix = ""): FieldDescriptor[] =>
  Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    inner instanceof Object && !Array.isArray(inner)
      ? toFields(inner, `${prefix}${key}.`)
      : [{ path: prefix + key, type: typeOf(inner), description: "", min: null, max: null, min_exclusive: false, max_exclusive: false, options: null }],
  );

const fields = toFields(presets.starter);
const start = toDraft(presets.starter, fields);
const plan = (draft: StudyDraft) => planStudy(draft, start, fields);

const add = (draft: StudyDraft, name: string): StudyDraft => {
  const template = formTemplates.find((one) => one.name === name);
  if (template === undefined) throw new Error(`there is no template ${name}`);
  return addArm(draft, template);
};

/** What would be sent of the last arm. */
function changesOf(draft: StudyDraft) {
  const { under, arms } = plan(draft);
  const config = arms.at(-1)?.read.config;
  if (config == null) throw new Error("the arm cannot be read");
  return toChanges(draft.arms.at(-1)?.values ?? {}, under, config);
}

describe("a new study", () => {
  it("counts runs and programs, and sends only what differs", () => {
    expect(plan(emptyStudy)).toMatchObject({ seeds: [0, 1, 2], runs: 6, programs: 6 * 6 * 48, problem: null });
    expect(changesOf(emptyStudy)).toEqual({ fine_tuning: false });
  });

  it("adds what all arms change to every arm", () => {
    const draft = { ...emptyStudy, base: setValue(emptyStudy.base, start, "cycles", "2") };
    expect(plan(draft).programs).toBe(6 * 2 * 48);
    expect(changesOf(draft)).toEqual({ fine_tuning: false });
  });

  it("has no numbers until seeds and all arms can be read", () => {
    expect(plan({ ...emptyStudy, seeds: "0-" })).toMatchObject({ seeds: null, runs: null, programs: null });
    const [reference, frozen] = emptyStudy.arms;
    const broken = { ...emptyStudy, arms: [reference, frozen].flatMap((arm) => (arm === undefined ? [] : [setValue(arm, start, "lora.rank", "0")])) };
    expect(plan(broken).runs).toBeNull();
    expect(plan(broken).arms[1]?.read.problems).toHaveProperty(["lora.rank"]);
  });

  it("is limited in arms and programs", () => {
    const many = Array.from({ length: 11 }).reduce<StudyDraft>((draft) => add(draft, "custom"), emptyStudy);
    expect(plan(many).problem).toBe("A study has at most 12 arms.");
    const large = { ...emptyStudy, base: setValue(setValue(emptyStudy.base, start, "cycles", "200"), start, "candidates_per_cycle", "1000") };
    expect(plan(large).problem).toBe("A study has at most 200,000 programs, and this one would have 1,200,000.");
  });
});

describe("an arm", () => {
  it("of a template gets a name of its own", () => {
    const draft = add(add(emptyStudy, "frozen"), "frozen");
    expect(draft.arms.map(({ name }) => name)).toEqual(["reference", "frozen", "frozen 2", "frozen 3"]);
    expect(new Set(draft.arms.map(({ key }) => key)).size).toBe(4);
    expect(plan(draft).arms.map(({ sameAs }) => sameAs)).toEqual([null, null, "frozen", "frozen"]);
  });

  it.each([
    ["grammar", { backend: "grammar", model: "grammar", fine_tuning: false }],
    ["novelty off", { "novelty.filter": false }],
    ["other prompt", {}],
  ])("%s changes what it says, and nothing that is so already", (name, changes) => {
    expect(changesOf(add(emptyStudy, name))).toEqual(changes);
  });

  it("of the grammar can be started from a configuration that replays the corpus", () => {
    const draft = add({ ...emptyStudy, base: setValue(emptyStudy.base, start, "loop.replay_share", "1") }, "grammar");
    expect(changesOf(draft)).toMatchObject({ "loop.replay_share": 0 });
  });

  it("takes with another backend what that needs", () => {
    const draft = add(emptyStudy, "custom");
    const arms = draft.arms.map((arm) => (arm.name === "custom" ? setValue(arm, start, "backend", "grammar") : arm));
    expect(changesOf({ ...draft, arms })).toEqual({ backend: "grammar", model: "grammar", fine_tuning: false });
  });

  it("shows fields that were asked for, and those that differ, until they are taken off", () => {
    const arm = setValue(showPath({ values: {}, shown: [] }, "model"), start, "lora.rank", "8");
    expect(listPaths(arm, start)).toEqual(["model", "lora.rank"]);
    expect(listPaths(dropPath(arm, "lora.rank"), start)).toEqual(["model"]);
    expect(listPaths(setValue(arm, start, "lora.rank", "32"), start)).toEqual(["model", "lora.rank"]);
    expect(listPaths({ values: { fine_tuning: false, seed: start["seed"] ?? "" }, shown: [] }, start)).toEqual(["fine_tuning"]);
  });

  it("needs a name that no earlier one has", () => {
    const arms = emptyStudy.arms.map((arm) => ({ ...arm, name: " same " }));
    expect(plan({ ...emptyStudy, arms }).arms.map(({ nameProblem }) => nameProblem)).toEqual([null, "An earlier arm has this name."]);
    expect(plan({ ...emptyStudy, arms: arms.map((arm) => ({ ...arm, name: " " })) }).arms[0]?.nameProblem).toBe("Name it.");
  });
});
