import { parseAssignment } from "../contract";
import { CommandProblem } from "./problem";

/** What `--set` was given: a path and its value. */
export function toAssignment(text: string): [string, unknown] {
  const assignment = parseAssignment(text);
  if (assignment === null) throw new CommandProblem(`--set takes path=value, e.g. generation.temperature=0.9, not ${JSON.stringify(text)}.`);
  return assignment;
}
