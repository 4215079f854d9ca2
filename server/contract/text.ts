import { z } from "zod";

/** Text that PostgreSQL can hold: no NUL, no half of a character. */
export const storableText = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !/[\0\p{Cs}]/u.test(value), "NUL and halves of characters are not text");
