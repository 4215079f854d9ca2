import { afterAll, beforeAll } from "vitest";
import { type Connection, connect } from "../db/client";
import { createListener, type Listener } from "../stream/listener";
import { createCaller } from "../trpc/router";
import type { TestDatabase } from "./database";

export interface TestCaller {
  readonly context: { db: Connection["db"]; listener: Listener };
  /** Calls procedures as a client would, without HTTP. */
  readonly call: ReturnType<typeof createCaller>;
}

/** The web process's connections over a test file's database. Only inside tests and hooks. */
export function useCaller(database: TestDatabase): TestCaller {
  let connection: Connection | undefined;
  let listener: Listener | undefined;
  const get = () => {
    if (!connection || !listener) throw new Error("The caller exists only inside tests and hooks");
    return { db: connection.db, listener };
  };
  beforeAll(() => {
    connection = connect(database.url);
    listener = createListener(database.url);
  });
  afterAll(async () => {
    await listener?.close();
    await connection?.close();
  });
  return {
    get context() {
      return get();
    },
    get call() {
      return createCaller(get());
    },
  };
}
