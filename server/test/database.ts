import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, inject } from "vitest";
import { templateDatabase } from "../launch/test-database.mjs";

export interface TestDatabase {
  /** URL of this file's own database. Only inside tests and hooks: there is none before. */
  readonly url: string;
}

/**
 * Gives a test file a database of its own, with every migration applied: a clone of the template, dropped at the end even when
 * connections were left open. Call it once, at the top of a file or describe block.
 */
export function useTestDatabase(): TestDatabase {
  const name = `test_${randomBytes(8).toString("hex")}`;
  let url = "";
  beforeAll(async () => {
    await onServer((sql) => sql`create database ${sql(name)} template ${sql(templateDatabase)}`);
    const own = new URL(inject("testDatabaseUrl"));
    own.pathname = `/${name}`;
    url = own.href;
  });
  afterAll(() => onServer((sql) => sql`drop database if exists ${sql(name)} with (force)`));
  return {
    get url() {
      if (!url) throw new Error("The test database exists only inside tests and hooks");
      return url;
    },
  };
}

async function onServer(work: (sql: postgres.Sql) => Promise<unknown>) {
  const sql = postgres(inject("testDatabaseUrl"), { max: 1, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}
