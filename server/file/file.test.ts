import { createHash, randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { connect as connectSocket } from "node:net";

import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { maxFileBytes } from "../contract/files";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { serve, type TestServer } from "../test/serve";
import { toDisposition, toFileName } from "./file-name";
import { partBytes } from "./limits";
import { FileTooLarge, removeOldFiles, storeFile } from "./store";
import type { StoredFileView } from "./views";

const database = useTestDatabase();
const web = useCaller(database);
let server: TestServer;
let sql: postgres.Sql;

beforeAll(async () => {
  server = await serve(() => web.context);
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await server.close();
  await sql.end();
});

const binary = { "content-type": "application/octet-stream" };

const send = (name: string, body: BodyInit | null, headers: Record<string, string> = binary) =>
  fetch(`${server.url}/api/files?name=${encodeURIComponent(name)}`, { method: "POST", headers, body });

const store = async (name: string, body: BodyInit): Promise<StoredFileView> => {
  const response = await send(name, body);
  expect(response.status).toBe(200);
  return (await response.json()) as StoredFileView;
};

const readProblem = async (response: Response) => ({
  status: response.status,
  message: ((await response.json()) as { error: { message: string } }).error.message,
});

const countFiles = async () => Number((await sql`select count(*) from stored_file`)[0]?.["count"]);

/** For what happens soon, on a busy machine too. */
const patience = { timeout: 15_000 };

const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");

describe("a file", () => {
  test("comes back byte for byte, in parts of one size", async () => {
    const data = randomBytes(partBytes * 2 + 5);
    const { id, ...file } = await store("real networks.zip", new Uint8Array(data));
    expect(file).toEqual({ name: "real networks.zip", bytes: data.length });
    const parts = await sql`select part, length(data)::int as length from stored_file_part where file_id = ${Number(id.slice(1))} order by part`;
    expect(parts.map(({ part, length }) => [part, length])).toEqual([[0, partBytes], [1, partBytes], [2, 5]]);
    const response = await fetch(`${server.url}/api/files/${id}`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/zip",
      "content-disposition": "attachment; filename=\"real networks.zip\"; filename*=UTF-8''real%20networks.zip",
      "x-content-type-options": "nosniff",
    });
    expect(sha256(new Uint8Array(await response.arrayBuffer()))).toBe(sha256(data));
  });

  test("is read in the order of its parts, whatever order they were stored in", async () => {
    const [row] = await sql<{ id: string }[]>`insert into stored_file (name, bytes, complete) values ('a.jsonl', 6, true) returning id`;
    await sql`insert into stored_file_part (file_id, part, data) values (${row?.id ?? 0}, 1, 'def'), (${row?.id ?? 0}, 0, 'abc')`;
    expect(await (await fetch(`${server.url}/api/files/F${row?.id}`)).text()).toBe("abcdef");
  });

  test("that is removed while it is read breaks off instead of ending short", async () => {
    const { id } = await store("x.zip", new Uint8Array(partBytes + 1));
    await sql`delete from stored_file_part where file_id = ${Number(id.slice(1))} and part = 1`;
    const response = await fetch(`${server.url}/api/files/${id}`);
    await expect(response.arrayBuffer()).rejects.toThrow(/terminated|aborted/);
  });

  test("may not be empty", async () => {
    const before = await countFiles();
    expect(await readProblem(await send("x", null))).toEqual({ status: 400, message: "The file is empty." });
    expect(await countFiles()).toBe(before);
  });

  test.each(["F999", "F0", "x", "..%2Fx", "F1%00"])("%s does not exist", async (id) => {
    expect((await fetch(`${server.url}/api/files/${id}`)).status).toBe(404);
  });
});

describe("a file that is too large", () => {
  test("is refused before it is read when its sender says so", async () => {
    const before = await countFiles();
    const answer = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const headers = { ...binary, "content-length": String(maxFileBytes + 1) };
      const outgoing = httpRequest(`${server.url}/api/files?name=x`, { method: "POST", headers }, (response) => {
        let body = "";
        response.on("data", (chunk) => (body += String(chunk)));
        response.on("end", () => resolve({ status: response.statusCode, body }));
        response.on("end", () => outgoing.destroy());
      });
      outgoing.on("error", reject);
      // Not one byte of the body is sent.
      outgoing.flushHeaders();
    });
    expect(answer).toMatchObject({ status: 413, body: expect.stringContaining("at most 1 GiB") as string });
    expect(await countFiles()).toBe(before);
  });

  test("is refused once it is, and leaves nothing", async () => {
    const before = await countFiles();
    let asked = 0;
    async function* chunks() {
      for (;;) {
        asked += 1;
        yield new Uint8Array(partBytes);
      }
    }
    await expect(storeFile(web.context.db, "x", chunks(), 2 * partBytes)).rejects.toThrow(FileTooLarge);
    expect(asked).toBe(3);
    expect(await countFiles()).toBe(before);
  });
});

describe("an upload that does not end", () => {
  test.each([
    ["in the middle of what it announced", `content-length: ${partBytes * 4}`, (data: Buffer) => data],
    ["in the middle of a chunk", "transfer-encoding: chunked", (data: Buffer) => Buffer.concat([Buffer.from(`${(data.length * 2).toString(16)}\r\n`), data])],
  ])("but breaks off %s leaves nothing", async (_, header, frame) => {
    const before = await countFiles();
    const { port } = new URL(server.url);
    const socket = connectSocket(Number(port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(`POST /api/files?name=x HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/octet-stream\r\n${header}\r\n\r\n`);
    socket.write(frame(Buffer.alloc(partBytes + 7)));
    const countParts = async () => (await sql`select from stored_file_part join stored_file on id = file_id where not complete`).length;
    await expect.poll(countParts, patience).toBe(1);
    const [unfinished] = await sql<{ id: string }[]>`select id from stored_file where not complete`;
    expect((await fetch(`${server.url}/api/files/F${unfinished?.id}`)).status).toBe(404);
    await expect(web.call.corpus.check({ source: { type: "file", file: `F${unfinished?.id}` }, recipe: "digits" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    socket.resetAndDestroy();
    await expect.poll(countFiles, patience).toBe(before);
  });

  test("because the web process died is removed after a day; a complete file after a week, unless a task is about to read it", async () => {
    const ids = await sql<{ id: string }[]>`insert into stored_file (name, complete, created_at) values
      ('young', false, now() - interval '23 hours'), ('old', false, now() - interval '25 hours'),
      ('kept', true, now() - interval '6 days'), ('past', true, now() - interval '8 days'), ('wanted', true, now() - interval '8 days') returning id`;
    await sql`select task_open('check_corpus', ${sql.json({ source: { type: "file", file: Number(ids[4]?.id) } })})`;
    await removeOldFiles(web.context.db);
    const left = await sql`select name from stored_file where id >= ${ids[0]?.id ?? 0} order by id`;
    expect(left.map(({ name }) => String(name))).toEqual(["young", "kept", "wanted"]);
  });
});

describe("another page", () => {
  test.each([
    ["at another origin", { ...binary, origin: "https://evil.example" }, 403],
    ["that is cross-site", { ...binary, "sec-fetch-site": "cross-site" }, 403],
    ["with a form of files", { "content-type": "multipart/form-data; boundary=x" }, 415],
    ["with a form of text", { "content-type": "text/plain" }, 415],
    ["with a form", { "content-type": "application/x-www-form-urlencoded" }, 415],
  ])("%s cannot send a file", async (_, headers, status) => {
    const before = await countFiles();
    expect((await send("x", "data", headers)).status).toBe(status);
    expect(await countFiles()).toBe(before);
  });

  test("cannot read one, under no name and from no origin", async () => {
    const { id } = await store("x", "data");
    const url = `${server.url}/api/files/${id}`;
    expect((await fetch(url, { headers: { origin: "https://evil.example" } })).status).toBe(403);
    const status = await new Promise((resolve, reject) => {
      httpRequest(url, { headers: { host: "evil.example" } }, (response) => resolve(response.resume().statusCode)).on("error", reject).end();
    });
    expect(status).toBe(403);
    expect((await fetch(url, { method: "POST", headers: binary, body: "x" })).status).toBe(405);
  });
});

describe("a name", () => {
  test.each([
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\x\\nets.zip", "nets.zip"],
    ['a"b\r\nX-Evil: 1.zip', 'a"bX-Evil: 1.zip'],
    ["\u202Egpj.\u0000exe", "gpj.exe"],
    ["\uD800half.zip", "half.zip"],
    ["..", "file"],
    ["", "file"],
    ["a/", "file"],
    [`${"x".repeat(300)}.tar.gz`, `${"x".repeat(193)}.tar.gz`],
    [`${"🙂".repeat(150)}.jsonl`, `${"🙂".repeat(97)}.jsonl`],
  ])("%j is stored as %j", (given, kept) => {
    expect(toFileName(given)).toBe(kept);
  });

  test("cannot add a header or leave its quotes, and every character of it arrives", async () => {
    expect(toDisposition('a"; x=\\.zip')).toBe("attachment; filename=\"a__ x=_.zip\"; filename*=UTF-8''a%22%3B%20x%3D%5C.zip");
    const { id, name } = await store('netze "für" \r\nx: y 🙂.jsonl', "data");
    const response = await fetch(`${server.url}/api/files/${id}`);
    const disposition = response.headers.get("content-disposition") ?? "";
    expect(decodeURIComponent(/filename\*=UTF-8''(.*)$/.exec(disposition)?.[1] ?? "")).toBe(name);
    expect(response.headers.get("content-type")).toBe("application/jsonl");
  });
});
