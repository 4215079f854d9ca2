import { writeFileSync } from "node:fs";

import { CommandProblem } from "./problem";

/** Throws a sentence where the file cannot be written. */
export function writeOut(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandProblem(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
