import postgres from "postgres";
import { describe, expect, test } from "vitest";
import { useTestDatabase } from "./database";

describe("test databases", () => {
  const first = useTestDatabase();
  const second = useTestDatabase();

  test("are migrated, and see nothing of each other", async () => {
    const a = postgres(first.url);
    const b = postgres(second.url);
    await a`create table only_here ()`;
    const [here] = await a`select to_regclass('only_here') is not null as found`;
    const [there] =
      await b`select to_regclass('only_here') is not null as found, to_regclass('run') is not null as migrated`;
    expect(here).toEqual({ found: true });
    expect(there).toEqual({ found: false, migrated: true });
    await Promise.all([a.end(), b.end()]);
  });
});
