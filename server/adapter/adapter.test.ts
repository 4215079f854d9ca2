import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { runCommandLine } from "../cli/run-command-line";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { type ScriptedWorker, startScriptedWorker } from "../test/scripted-worker";
import { serve, type TestServer } from "../test/serve";
import { archiveAdapter } from "./archive";
import { getAdapter } from "./find";
import { readTar, tarEnd, tarHeader, tarPadding } from "./tar";

const database = useTestDatabase();
const web = useCaller(database);
let sql: postgres.Sql;
let worker: ScriptedWorker;
let server: TestServer;
let folder = "";
let run = "";

/** Stored in two parts, and not a multiple of tar's block. */
const weights = randomBytes(100_001);
const split = 65_536;
const config = Buffer.from('{"peft_type": "LORA"}');

beforeAll(async () => {
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  worker = await startScriptedWorker(database.url, { judge: () => ({ outcome: "ok", accuracy: 0.5 }) });
  server = await serve(() => web.context);
  folder = mkdtempSync(join(tmpdir(), "archloom-adapter-"));
  ({ id: run } = await web.call.run.start({ preset: "quick" }));
  await worker.work();
  const [adapter] = await sql`select id from adapter where run_id = ${Number(run.slice(1))} and cycle = 0`;
  const parts = [["adapter_config.json", 0, config], ["adapter_model.safetensors", 0, weights.subarray(0, split)], ["adapter_model.safetensors", 1, weights.subarray(split)]] as const;
  for (const [name, part, data] of parts) await sql`insert into adapter_file (adapter_id, name, part, data) values (${adapter?.["id"]}, ${name}, ${part}, ${data})`;
});
afterAll(async () => {
  await server.close();
  await worker.close();
  await sql.end();
  rmSync(folder, { recursive: true });
});

const expectFiles = (at: string) => {
  expect(readdirSync(at).toSorted()).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
  expect(readFileSync(join(at, "adapter_config.json")).equals(config)).toBe(true);
  expect(readFileSync(join(at, "adapter_model.safetensors")).equals(weights)).toBe(true);
};

describe("a download", () => {
  test("is an archive that tar unpacks into the adapter's folder, byte for byte", async () => {
    const response = await fetch(`${server.url}/api/adapters/${run}/0`);
    expect(response.headers.get("content-disposition")).toContain(`${run}.0-adapter.tar.gz`);
    const archive = join(folder, "page.tar.gz");
    writeFileSync(archive, Buffer.from(await response.arrayBuffer()));
    execFileSync("tar", ["-xzf", archive, "-C", folder]);
    expectFiles(join(folder, `${run}.0-adapter`));
  });

  test.each([
    ["R999/0", 404, /^There is no run R999\.$/],
    ["RUN/1", 404, /no adapter was trained after cycle 1/],
    ["RUN/x", 404, /an address looks like/],
    ["RUN/0000000001", 404, /an address looks like/],
    ["..%2f/1", 404, /an address looks like/],
  ])("of %s is refused in a sentence", async (path, status, message) => {
    const response = await fetch(`${server.url}/api/adapters/${path.replace("RUN", run)}`);
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: { message: string } }).error.message).toMatch(message);
  });

  test("of an adapter without files is refused rather than empty", async () => {
    const { id } = await web.call.run.start({ preset: "quick" });
    await worker.work();
    await expect(getAdapter(web.context.db, id, 0)).rejects.toThrow(/has no files/);
  });

  test("for another page is refused", async () => {
    const response = await fetch(`${server.url}/api/adapters/${run}/0`, { headers: { origin: "https://evil.example" } });
    expect(response.status).toBe(403);
  });

  test("that breaks off is seen as broken", async () => {
    const { db } = web.context;
    const adapter = await getAdapter(db, run, 0);
    const [kept] = await sql`delete from adapter_file where part = 1 returning adapter_id, name`;
    await expect(new Response(archiveAdapter(db, adapter)).arrayBuffer()).rejects.toThrow(/part 1 of adapter_model.safetensors/);
    await sql`insert into adapter_file (adapter_id, name, part, data) values (${kept?.["adapter_id"]}, ${kept?.["name"]}, 1, ${weights.subarray(split)})`;
  });
});

const typeLine = async (line: string) => {
  const text = { out: "", error: "" };
  const code = await runCommandLine(line.split(" "), {
    env: { NODE_ENV: "test", ARCHLOOM_URL: server.url, INIT_CWD: folder },
    write: (part) => void (text.out += part),
    writeError: (part) => void (text.error += part),
    isTerminal: false,
    signal: new AbortController().signal,
    sleep: () => Promise.resolve(),
  });
  return { code, ...text };
};

describe("from the terminal", () => {
  test("it becomes a folder beside the person, or one file", async () => {
    expect(await typeLine(`export adapter ${run} --cycle 0 --out new/adapter`)).toEqual({ code: 0, out: `${join(folder, "new/adapter")}\n`, error: "" });
    expectFiles(join(folder, "new/adapter"));
    expect(await typeLine(`export adapter ${run} --cycle 0 --out one.tar.gz`)).toMatchObject({ code: 0, error: "" });
    expect(execFileSync("tar", ["-tzf", join(folder, "one.tar.gz")], { encoding: "utf8" }).trim().split("\n")).toHaveLength(2);
  });

  test.each([
    ["export adapter RUN", /^--cycle is missing/],
    ["export adapter RUN --cycle 1 --out none", /^There is nothing to download: no adapter was trained after cycle 1/],
    ["export adapter 3 --cycle 1 --out none", /an address looks like/],
    ["export adapter RUN --cycle 0 --out full", /exists and is not an empty folder/],
    ["export adapter RUN --cycle 0 --out full/a.tar.gz/b.tar.gz", /could not be written/],
  ])("%s says what is wrong and leaves nothing", async (line, message) => {
    mkdirSync(join(folder, "full"), { recursive: true });
    writeFileSync(join(folder, "full/kept"), "");
    const { code, error } = await typeLine(line.replace("RUN", run));
    expect(code).toBe(1);
    expect(error).toMatch(message);
    expect(existsSync(join(folder, "none"))).toBe(false);
    expect(readdirSync(join(folder, "full"))).toEqual(["kept"]);
  });
});

const pack = (...files: [string, Buffer][]) =>
  Buffer.concat([...files.flatMap(([path, data]) => [tarHeader(path, data.length, new Date(0)), data, tarPadding(data.length)]), tarEnd()]);
const read = async (archive: Buffer, size = 100) => {
  const files: [string, string][] = [];
  const chunks = Array.from({ length: Math.ceil(archive.length / size) }, (_, at) => archive.subarray(at * size, (at + 1) * size));
  for await (const { path, content } of readTar(Readable.from(chunks))) {
    files.push([path, Buffer.concat(await Readable.from(content).toArray()).toString()]);
  }
  return files;
};

describe("an archive", () => {
  test("is read as it was written, whatever the chunks", async () => {
    const archive = pack(["a/one", Buffer.from("1".repeat(700))], ["a/empty", Buffer.alloc(0)], ["a/two", Buffer.from("22")]);
    for (const size of [1, 511, 5_000]) expect(await read(archive, size)).toEqual([["a/one", "1".repeat(700)], ["a/empty", ""], ["a/two", "22"]]);
  });

  test("that is cut off, damaged, or holds a link is refused", async () => {
    const archive = pack(["a/one", Buffer.from("1".repeat(700))]);
    await expect(read(archive.subarray(0, 900))).rejects.toThrow(/ends in the middle/);
    const damaged = Buffer.from(archive);
    damaged[3] = 0x7a;
    await expect(read(damaged)).rejects.toThrow(/damaged/);
    const link = Buffer.from(archive);
    link.write("2", 156);
    await expect(read(link)).rejects.toThrow(/damaged/);
  });

  test("holds no file that its header cannot describe", () => {
    expect(() => tarHeader("a".repeat(101), 1, new Date(0))).toThrow(/does not fit/);
    expect(() => tarHeader("a", 8 ** 11, new Date(0))).toThrow(/does not fit/);
  });
});
