import { readFileSync } from "node:fs";

import type { CommandIo } from "./io";
import { toPath } from "./place";
import { CommandProblem } from "./problem";

/** A text file as the person named it. Throws for one that cannot be read, or is not UTF-8. */
export function readText(io: CommandIo, typed: string): string {
  const path = toPath(io, typed);
  let data: Buffer;
  try {
    data = readFileSync(path);
  } catch (error) {
    throw new CommandProblem(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(data);
  } catch (error) {
    throw new CommandProblem(`${path} is not UTF-8 text: save it as UTF-8.`, { cause: error });
  }
}
