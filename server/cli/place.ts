import { resolve } from "node:path";

import type { CommandIo } from "./io";

/** A path as the person typed it: npm changes to the project's folder and keeps where they stand in INIT_CWD. */
export const toPath = ({ env }: CommandIo, typed: string): string => resolve(env["INIT_CWD"] ?? process.cwd(), typed);
