/** The start form's state: one entry per field path, numbers as the text a person types. */
import { type RunConfig, runConfigSchema } from "../../server/contract/run-config";
import type { FieldDescriptor } from "../../server/run/views";

export type DraftValue = string | boolean | string[];
export type Draft = Record<string, DraftValue>;

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const readPath = (config: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((at, key) => (isGroup(at) ? at[key] : undefined), config);

export function toDraft(config: RunConfig, fields: readonly FieldDescriptor[]): Draft {
  const draft: Draft = {};
  for (const { path } of fields) {
    const value = readPath(config, path);
    draft[path] = typeof value === "boolean" ? value : Array.isArray(value) ? value.map(String) : String(value);
  }
  return draft;
}

/** The draft with one field changed, and with what another backend would not take put right. */
export function changeDraft(draft: Draft, path: string, value: DraftValue): Draft {
  const changed = { ...draft, [path]: value };
  if (path !== "backend" || value === draft["backend"]) return changed;
  switch (value) {
    case "grammar":
      return { ...changed, model: "grammar", server_url: "", fine_tuning: false, "loop.replay_share": "0" };
    case "transformers":
      return { ...changed, model: draft["model"] === "grammar" ? "starter" : (draft["model"] ?? ""), server_url: "" };
    default:
      return { ...changed, model: draft["model"] === "grammar" ? "" : (draft["model"] ?? "") };
  }
}

function toValue(value: DraftValue | undefined, type: FieldDescriptor["type"]): unknown {
  if ((type === "integer" || type === "number") && typeof value === "string") {
    return value.trim() === "" ? undefined : Number(value);
  }
  return value;
}

export type DraftResult = { config: RunConfig; problems: null } | { config: null; problems: Record<string, string> };

/** The configuration the draft stands for, or what is wrong with each field, in words. */
export function readDraft(draft: Draft, fields: readonly FieldDescriptor[]): DraftResult {
  const raw: Record<string, unknown> = {};
  for (const { path, type } of fields) {
    const keys = path.split(".");
    const last = keys.pop() ?? path;
    let at = raw;
    for (const key of keys) {
      const inner = at[key];
      const next = isGroup(inner) ? inner : {};
      at[key] = next;
      at = next;
    }
    at[last] = toValue(draft[path], type);
  }
  const parsed = runConfigSchema.safeParse(raw);
  if (parsed.success) return { config: parsed.data, problems: null };
  const problems: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const path = issue.path.filter((key) => typeof key === "string").join(".");
    const field = fields.find((one) => one.path === path);
    // A pattern's message says what the text should look like, which the bounds of the field do not.
    problems[path] ??= field === undefined || issue.code === "invalid_format" || issue.code === "custom" ? toSentence(issue.message) : explain(field);
  }
  return { config: null, problems };
}

const toSentence = (message: string): string => `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;

/** The bounds of a field, as a rule a person can follow. */
export function explain(field: FieldDescriptor): string {
  const number = field.type === "integer" ? "a whole number" : "a number";
  switch (field.type) {
    case "integer":
    case "number":
      return `Must be ${number} ${describeBounds(field)}.`;
    case "list":
      return "Name at least one, separated by commas.";
    case "choice":
      return `Must be one of ${field.options?.join(", ") ?? ""}.`;
    case "text":
    case "boolean":
      return "Must be given.";
  }
}

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 10 });

/** `from 1 to 256`, `above 0, at most 0.1`. */
export function describeBounds({ min, max, min_exclusive, max_exclusive }: FieldDescriptor): string {
  if (min !== null && max !== null && !min_exclusive && !max_exclusive) return `from ${grouped.format(min)} to ${grouped.format(max)}`;
  const low = min === null ? null : `${min_exclusive ? "above" : "at least"} ${grouped.format(min)}`;
  const high = max === null ? null : `${max_exclusive ? "below" : "at most"} ${grouped.format(max)}`;
  return [low, high].filter((part) => part !== null).join(", ");
}

/** `generation.max_new_tokens` -> `Max new tokens`. */
export function labelOf(path: string): string {
  const words = (path.split(".").at(-1) ?? path).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
