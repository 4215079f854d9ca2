import { sql, type SQL } from "drizzle-orm";
import { bigint, type AnyPgColumn, customType, timestamp } from "drizzle-orm/pg-core";

/** Row ids stay far below 2^53, so they are plain numbers on this side. */
export const id = () => bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity();
export const reference = () => bigint({ mode: "number" });
export const instant = () => timestamp({ withTimezone: true, mode: "date" });
export const createdAt = () => instant().notNull().defaultNow();

/** CHECK that a text column holds one of the contract's words. */
export const isOneOf = (column: AnyPgColumn, words: readonly string[]): SQL =>
  sql`${column} in (${sql.raw(words.map((word) => `'${word}'`).join(", "))})`;

/** CHECK for a rate. PostgreSQL sorts NaN above every number, so this refuses NaN too. */
export const isFraction = (column: AnyPgColumn): SQL => sql`${column} between 0 and 1`;

export const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });
