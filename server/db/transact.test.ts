import { sql } from "drizzle-orm";
import { expect, test } from "vitest";

import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { transact } from "./transact";

const web = useCaller(useTestDatabase());

test("a transaction that loses a deadlock is done again, and both take effect", async () => {
  const { db } = web.context;
  await db.execute(sql`CREATE TABLE pair (id int PRIMARY KEY, n int NOT NULL)`);
  await db.execute(sql`INSERT INTO pair VALUES (1, 0), (2, 0)`);
  let tries = 0;
  let waiting: (() => void)[] = [];
  /** On their first try both wait until each holds its first row; then each wants the other's. */
  const meet = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length < 2) return;
      for (const go of waiting) go();
      waiting = [];
    });
  const add = (first: number, second: number) => {
    let met = false;
    return transact(db, async (tx) => {
      tries += 1;
      await tx.execute(sql`UPDATE pair SET n = n + 1 WHERE id = ${first}`);
      if (!met) await meet();
      met = true;
      await tx.execute(sql`UPDATE pair SET n = n + 1 WHERE id = ${second}`);
    });
  };
  await Promise.all([add(1, 2), add(2, 1)]);
  expect(tries).toBe(3);
  expect([...(await db.execute(sql`SELECT n FROM pair ORDER BY id`))]).toEqual([{ n: 2 }, { n: 2 }]);
});

test("any other error is thrown at once", async () => {
  let tries = 0;
  const broken = transact(web.context.db, async (tx) => {
    tries += 1;
    await tx.execute(sql`SELECT no_such_function()`);
  });
  await expect(broken).rejects.toThrow("no_such_function");
  expect(tries).toBe(1);
});
