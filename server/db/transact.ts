import type { Database } from "./client";
import { findErrorCode } from "./errors";

const deadlockDetected = "40P01";
const maxTries = 3;

/**
 * Runs a read-write transaction, again when it lost a deadlock: workers lock a leased job before its run, a person's
 * cancel the run before its jobs. `effect` must therefore do nothing outside the database.
 */
export async function transact<Result>(db: Database, effect: (tx: Database) => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction(effect);
    } catch (error) {
      if (tries === maxTries || findErrorCode(error) !== deadlockDetected) throw error;
    }
  }
}

/** Runs reads that all see the same moment. */
export function readTogether<Result>(db: Database, read: (tx: Database) => Promise<Result>): Promise<Result> {
  return db.transaction(read, { isolationLevel: "repeatable read", accessMode: "read only" });
}
