import type { SQL } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";

import * as schema from "../../drizzle/schema";

/** A pool, or a transaction of it: verbs take either. */
export type Database = PostgresJsDatabase<typeof schema>;

export interface Connection {
  db: Database;
  /** Ends once running queries have; idempotent. */
  close: () => Promise<void>;
}

/** For every connection. Tries to connect come soon and then every two seconds: the database is near, or coming back. */
export const connectionOptions = {
  connect_timeout: 5,
  backoff: (tries: number) => Math.min(2, 0.1 * 2 ** tries),
  onnotice: () => {},
};

/** Opens a pool lazily: nothing is connected until the first query, so a build needs no database. */
export function connect(url: string): Connection {
  const client = postgres(url, { ...connectionOptions, max: 8 });
  return { db: drizzle(client, { schema, casing: "snake_case" }), close: () => client.end({ timeout: 5 }) };
}

export function getDatabaseUrl(): string {
  const url = process.env["DATABASE_URL"];
  if (url === undefined || url === "") throw new Error("DATABASE_URL is not set: start Archloom with npm start");
  return url;
}

const shared = globalThis as typeof globalThis & { archloomConnection?: Connection };

/** The web process's pool. Lives on globalThis because a bundler may load this module more than once. */
export const getDatabase = (): Database => (shared.archloomConnection ??= connect(getDatabaseUrl())).db;

/**
 * Rows of a query written by hand, typed by the caller. The driver gives bigint and numeric as text and times as
 * PostgreSQL writes them: such queries cast to integer or double precision, and read times through `toIso`.
 */
export async function selectRows<Row extends object>(db: Database, query: SQL): Promise<Row[]> {
  const rows: unknown = await db.execute(query);
  return rows as Row[];
}
