import type { z } from "zod";

export interface InputProblem {
  /** One sentence, beginning with the field. */
  message: string;
  /** `generation.temperature`; undefined = the input as a whole. */
  field: string | undefined;
}

/** The first thing wrong with an input: a sentence for a person, and which part of it. */
export function toInputProblem(error: z.ZodError): InputProblem {
  const issue = error.issues[0];
  if (issue === undefined) return { message: "The input is not valid.", field: undefined };
  const keys = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
  const field = keys.map(String).join(".");
  const reason = toReason(issue);
  return field === "" ? { message: `The input ${reason}.`, field: undefined } : { message: `${field}: it ${reason}.`, field };
}

function toReason(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return "does not exist";
    case "invalid_type":
      return `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `must ${toBound(issue.origin, issue.inclusive ?? true ? "at least" : "more than", Number(issue.minimum))}`;
    case "too_big":
      return `must ${toBound(issue.origin, issue.inclusive ?? true ? "at most" : "less than", Number(issue.maximum))}`;
    default:
      return `is not valid: ${issue.message}`;
  }
}

function toBound(origin: string, relation: string, bound: number): string {
  if (origin === "string") return `have ${relation} ${bound} ${bound === 1 ? "character" : "characters"}`;
  if (origin === "array") return `have ${relation} ${bound} ${bound === 1 ? "entry" : "entries"}`;
  return `be ${relation} ${bound}`;
}

const typeNames: Partial<Record<z.core.$ZodInvalidTypeExpected, string>> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};
