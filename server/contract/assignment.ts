/** How a person writes changes of a configuration, on the command line and in forms. */
import { armTemplates, type Changes, referenceName } from "./study";

/** JSON where it is some (numbers, true, lists), else text. */
export function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** `generation.temperature=0.9`; null without a path. */
export function parseAssignment(text: string): [path: string, value: unknown] | null {
  const at = text.indexOf("=");
  return at < 1 ? null : [text.slice(0, at).trim(), parseValue(text.slice(at + 1))];
}

/** A comma that is followed by a path; any other belongs to a value. */
const separator = /,(?=\s*[a-z_]+(?:\.[a-z_]+)*=)/;

/**
 * An arm of a study: `hotter:generation.temperature=1.2,generation.top_k=50`, `same again:` without changes, or the name of a
 * template alone. Null for anything else.
 */
export function parseArm(text: string): { name: string; set: Changes } | null {
  const at = text.indexOf(":");
  if (at === -1) {
    const name = text.trim();
    const set = name === referenceName ? {} : armTemplates.find((template) => template.name === name)?.changes;
    return set === undefined ? null : { name, set };
  }
  const rest = text.slice(at + 1).trim();
  const changes = rest === "" ? [] : rest.split(separator).map(parseAssignment);
  const known = changes.filter((change) => change !== null);
  return at === 0 || known.length < changes.length ? null : { name: text.slice(0, at).trim(), set: Object.fromEntries(known) };
}
