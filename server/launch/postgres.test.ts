import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { toDatabaseUrl, withDatabase } from "./database.mjs";
import { findFreePort } from "./port.mjs";
import { createDataFolder, endLeftoverPostgres, startPostgres } from "./postgres.mjs";
import { findProcess, sendSignal } from "./processes.mjs";

const password = "only-here";
let home: string;
let dataFolder: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "postgres-"));
  chmodSync(home, 0o711);
  dataFolder = join(home, "database");
});
afterEach(async () => {
  await endLeftoverPostgres(dataFolder);
  rmSync(home, { recursive: true, force: true });
});

async function start() {
  const port = await findFreePort();
  const { pid = 0 } = await startPostgres({ dataFolder, port, log: join(home, "database.log") });
  return { pid, url: toDatabaseUrl(port, password, "postgres") };
}

test("committed rows outlive kill -9 of the server, and the next start needs no help", async () => {
  createDataFolder(dataFolder, password, { throwAway: true });
  const first = await start();
  await withDatabase(first.url, (sql) => sql`create table kept as select 42 as number`);
  sendSignal(first.pid, "SIGKILL");
  await expect.poll(() => findProcess(first.pid)).toBeUndefined();
  await endLeftoverPostgres(dataFolder);
  const second = await start();
  expect(await withDatabase(second.url, async (sql) => [...(await sql`select number from kept`)])).toEqual([
    { number: 42 },
  ]);
});

test("a server that an earlier start left running is ended", async () => {
  createDataFolder(dataFolder, password, { throwAway: true });
  const { pid } = await start();
  await endLeftoverPostgres(dataFolder);
  expect(findProcess(pid)).toBeUndefined();
  expect(existsSync(join(dataFolder, "postmaster.pid"))).toBe(false);
});

test("a postmaster.pid whose number now belongs to somebody else harms neither him nor the start", async () => {
  createDataFolder(dataFolder, password, { throwAway: true });
  writeFileSync(join(dataFolder, "postmaster.pid"), `${process.pid}\n`);
  await endLeftoverPostgres(dataFolder);
  expect(findProcess((await start()).pid)).toBeDefined();
});

test("a data folder whose creation was interrupted is made anew", async () => {
  mkdirSync(`${dataFolder}.unfinished`);
  writeFileSync(join(`${dataFolder}.unfinished`, "PG_VERSION"), "18\n");
  createDataFolder(dataFolder, password, { throwAway: true });
  expect(findProcess((await start()).pid)).toBeDefined();
  expect(readFileSync(join(dataFolder, "PG_VERSION"), "utf8").trim()).toBe("18");
});

test("text is UTF-8 and the server is reachable by nobody but this machine", async () => {
  createDataFolder(dataFolder, password, { throwAway: true });
  const { url } = await start();
  const [row] = await withDatabase(
    url,
    (sql) => sql`select current_setting('server_encoding') as encoding,
    current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
    current_setting('fsync') as fsync`,
  );
  expect(row).toEqual({ encoding: "UTF8", addresses: "127.0.0.1", sockets: "", fsync: "on" });
});

test("a data folder of another PostgreSQL is left alone", () => {
  mkdirSync(dataFolder);
  writeFileSync(join(dataFolder, "PG_VERSION"), "16\n");
  expect(() => createDataFolder(dataFolder, password)).toThrow(
    /was made by PostgreSQL 16, this version brings 18/,
  );
});
