import { z } from "zod";

import { ServiceError } from "../service-error";
import type { ListCandidatesInput } from "./list-input";

/** Where a page ended: the sorted value of its last candidate (null = it has none) and which candidate it was. */
const cursorSchema = z.tuple([z.string(), z.number().nullable(), z.int(), z.int32(), z.int32()]);

export interface Cursor {
  value: number | null;
  run: number;
  cycle: number;
  index: number;
}

export function toCursor(input: ListCandidatesInput, { value, run, cycle, index }: Cursor): string {
  return Buffer.from(JSON.stringify([toOrder(input), value, run, cycle, index])).toString("base64url");
}

/** Throws `invalid` for a text that is not a cursor of this order. */
export function parseCursor(input: ListCandidatesInput): Cursor | null {
  if (input.cursor == null) return null;
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(input.cursor, "base64url").toString()));
  if (!parsed.success || parsed.data[0] !== toOrder(input)) {
    throw new ServiceError("invalid", "cursor: it does not belong to this list.", "cursor");
  }
  const [, value, run, cycle, index] = parsed.data;
  return { value, run, cycle, index };
}

const toOrder = ({ sort, direction }: ListCandidatesInput) => `${sort} ${direction}`;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
