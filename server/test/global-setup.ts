import type { TestProject } from "vitest/node";
import { startTestDatabase, testDatabaseVariable } from "../launch/test-database.mjs";

declare module "vitest" {
  export interface ProvidedContext {
    /** URL of the test server's maintenance database; use `useTestDatabase` instead. */
    testDatabaseUrl: string;
  }
}

/** Gives every test run a PostgreSQL: the one `npm test` has started, else one of its own. */
export default async function setup(project: TestProject) {
  const given = process.env[testDatabaseVariable];
  if (given) {
    project.provide("testDatabaseUrl", given);
    return undefined;
  }
  const server = await startTestDatabase();
  project.provide("testDatabaseUrl", server.url);
  return server.stop;
}
