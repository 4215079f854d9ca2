import { DrizzleQueryError } from "drizzle-orm";
import postgres from "postgres";

import type { Database } from "./client";

const deadlockDetected = "40P01";
const maxTries = 3;

/**
 * Runs a read-write transaction, again when it lost a deadlock: workers lock a job before its run, a person's pause or
 * cancel the run before its jobs. `effect` must therefore do nothing outside the database.
 */
export async function transact<Result>(db: Database, effect: (tx: Database) => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction(effect);
    } catch (error) {
      if (tries === maxTries || findSqlState(error) !== deadlockDetected) throw error;
    }
  }
}

/** Runs reads that all see the same moment. */
export function readTogether<Result>(db: Database, read: (tx: Database) => Promise<Result>): Promise<Result> {
  return db.transaction(read, { isolationLevel: "repeatable read", accessMode: "read only" });
}

/** SQLSTATE of an error that came from the database. */
export function findSqlState(error: unknown): string | undefined {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  return cause instanceof postgres.PostgresError ? cause.code : undefined;
}
