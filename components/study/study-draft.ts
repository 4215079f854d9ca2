/** The form of a study: what a person has typed, and the study that this stands for. */
import { armTemplates, type Changes, parseSeeds, referenceName, studyLimits } from "../../server/contract/study";
import type { RunConfig } from "../../server/contract/run-config";
import type { FieldDescriptor } from "../../server/run/views";
import { changeDraft, type Draft, type DraftResult, type DraftValue, readDraft } from "../run/config-draft";

export interface ArmDraft {
  /** Stays the same while arms are added and removed. */
  key: number;
  name: string;
  /** Values by path; those that the base has too change nothing. */
  values: Draft;
  /** Paths that a person has put on the form, in that order, whether or not their values differ yet. */
  shown: string[];
}

export interface StudyDraft {
  name: string;
  seeds: string;
  /** Changes of what all arms start from. */
  base: Omit<ArmDraft, "key" | "name">;
  arms: ArmDraft[];
}

/** Given by the study, or by what it starts from. */
export const fixedPaths: readonly string[] = ["seed", "preset"];

export const emptyStudy: StudyDraft = {
  name: "",
  seeds: "0-2",
  base: { values: {}, shown: ["cycles", "candidates_per_cycle"] },
  arms: [
    { key: 0, name: referenceName, values: {}, shown: [] },
    { key: 1, name: "frozen", values: toValues(armTemplates[0]?.changes ?? {}), shown: [] },
  ],
};

/** One click for what most studies ask. Those without changes are for a person to fill in. */
export interface FormTemplate {
  name: string;
  question: string;
  changes: Changes;
  shown: readonly string[];
}

export const formTemplates: readonly FormTemplate[] = [
  ...armTemplates.map((template) => ({ ...template, shown: [] })),
  { name: "other prompt", question: "Another prompt template, or another version of it.", changes: {}, shown: ["prompt.template"] },
  { name: "other model", question: "Another language model.", changes: {}, shown: ["backend", "model"] },
  { name: "custom", question: "Any fields you choose.", changes: {}, shown: [] },
];

/** An arm of a template, with a name that no other arm has. */
export function addArm(draft: StudyDraft, template: FormTemplate): StudyDraft {
  const names = draft.arms.map(({ name }) => name);
  let name = template.name;
  for (let count = 2; names.includes(name); count += 1) name = `${template.name} ${count}`;
  const key = Math.max(-1, ...draft.arms.map((arm) => arm.key)) + 1;
  return { ...draft, arms: [...draft.arms, { key, name, values: toValues(template.changes), shown: [...template.shown] }] };
}

/** A value set in an arm, and with it what another backend would not take. Its field stays, even when it is as before. */
export function setValue<Part extends StudyDraft["base"]>(part: Part, under: Draft, path: string, value: DraftValue): Part {
  const before = { ...under, ...part.values };
  const after = changeDraft(before, path, value);
  const changed = Object.keys(after).filter((key) => key === path || !isSame(after[key], before[key]));
  return { ...showPath(part, path), values: { ...part.values, ...pick(after, changed) } };
}

export function showPath<Part extends StudyDraft["base"]>(part: Part, path: string): Part {
  return part.shown.includes(path) ? part : { ...part, shown: [...part.shown, path] };
}

export function dropPath<Part extends StudyDraft["base"]>(part: Part, path: string): Part {
  const { [path]: _, ...values } = part.values;
  return { ...part, values, shown: part.shown.filter((one) => one !== path) };
}

/** Paths whose fields are on the form: those a person asked for, and those that differ. */
export function listPaths({ values, shown }: StudyDraft["base"], under: Draft): string[] {
  const differing = Object.keys(values).filter((path) => !shown.includes(path) && !isSame(values[path], under[path]));
  return [...shown, ...differing];
}

interface PlannedArm {
  read: DraftResult;
  /** What is wrong with its name. */
  nameProblem: string | null;
  /** The arm before it that has the same configuration; comparing them shows noise. */
  sameAs: string | null;
}

export interface StudyPlan {
  /** All arms' common draft, with its own changes. */
  under: Draft;
  base: DraftResult;
  arms: PlannedArm[];
  seeds: number[] | null;
  /** Null until seeds and all arms can be read. */
  runs: number | null;
  programs: number | null;
  /** What is wrong with the study as a whole. */
  problem: string | null;
}

export function planStudy(draft: StudyDraft, start: Draft, fields: readonly FieldDescriptor[]): StudyPlan {
  const under = { ...start, ...draft.base.values };
  const reads = draft.arms.map(({ values }) => readDraft({ ...under, ...values }, fields));
  const seeds = parseSeeds(draft.seeds);
  const configs = reads.flatMap(({ config }) => config ?? []);
  const complete = seeds !== null && configs.length === reads.length && configs.length > 0;
  const programs = complete ? seeds.length * configs.reduce((sum, config) => sum + config.cycles * config.candidates_per_cycle, 0) : null;
  return {
    under,
    base: readDraft(under, fields),
    arms: reads.map((read, at) => ({ read, nameProblem: findNameProblem(draft.arms, at), sameAs: findSame(draft.arms, reads, at) })),
    seeds,
    runs: complete ? seeds.length * reads.length : null,
    programs,
    problem: findProblem(draft.arms.length, programs),
  };
}

const grouped = new Intl.NumberFormat("en");

function findProblem(arms: number, programs: number | null): string | null {
  if (arms === 0) return "A study has at least one arm.";
  if (arms > studyLimits.arms) return `A study has at most ${studyLimits.arms} arms.`;
  if (programs === null || programs <= studyLimits.programs) return null;
  return `A study has at most ${grouped.format(studyLimits.programs)} programs, and this one would have ${grouped.format(programs)}.`;
}

function findNameProblem(arms: readonly ArmDraft[], at: number): string | null {
  const name = arms[at]?.name.trim() ?? "";
  if (name === "") return "Name it.";
  return arms.slice(0, at).some((other) => other.name.trim() === name) ? "An earlier arm has this name." : null;
}

function findSame(arms: readonly ArmDraft[], reads: readonly DraftResult[], at: number): string | null {
  const own = JSON.stringify(reads[at]?.config ?? null);
  const twin = own === "null" ? -1 : reads.slice(0, at).findIndex(({ config }) => JSON.stringify(config) === own);
  return arms[twin]?.name ?? null;
}

/** What is sent: values as the configuration has them, and only where they differ. */
export function toChanges(values: Draft, under: Draft, config: RunConfig): Changes {
  const paths = Object.keys(values).filter((path) => !isSame(values[path], under[path]));
  return Object.fromEntries(paths.map((path) => [path, readPath(config, path)]));
}

const readPath = (config: RunConfig, path: string): unknown =>
  path.split(".").reduce<unknown>((at, key) => (at instanceof Object ? Reflect.get(at, key) : undefined), config);

function toValues(changes: Changes): Draft {
  return Object.fromEntries(
    Object.entries(changes).map(([path, value]) => [path, typeof value === "boolean" ? value : Array.isArray(value) ? value.map(String) : String(value)]),
  );
}

const isSame = (one: DraftValue | undefined, other: DraftValue | undefined): boolean => String(one) === String(other);

const pick = (draft: Draft, paths: readonly string[]): Draft => Object.fromEntries(paths.map((path) => [path, draft[path] ?? ""]));
