import { request as httpRequest } from "node:http";
import { inspect } from "node:util";

import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";

import { connect } from "../db/client";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { serve, type TestServer } from "../test/serve";
import { maxBodyBytes, readPlace, refuseHost } from "./guard";

const database = useTestDatabase();
const web = useCaller(database);
let server: TestServer;

beforeAll(async () => {
  server = await serve(() => web.context);
});
afterAll(() => server.close());

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

interface Answer {
  status: number;
  body: string;
  error: { message: string; data: { code: string; field: string | null } } | undefined;
}

/** By node:http, which unlike fetch lets a test say any Host. */
function send({ method = "GET", path = "run.list", headers = {}, body }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(`${server.url}/api/trpc/${path}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        if (response.headers["content-type"]?.startsWith("text/event-stream")) response.destroy();
      });
      response.on("close", () => {
        const text = Buffer.concat(chunks).toString();
        const parsed = text.startsWith("{") ? (JSON.parse(text) as Pick<Answer, "error">) : undefined;
        resolve({ status: response.statusCode ?? 0, body: text, error: parsed?.error });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const port = () => new URL(server.url).port;
const json = { "content-type": "application/json" };
const start = { method: "POST", path: "run.start", body: JSON.stringify({ preset: "quick" }) };
const events = { path: "stream.runs" };

async function countRuns() {
  return (await web.call.run.list()).length;
}

describe("the host", () => {
  test.each(["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])("%s with our port is served", async (name) => {
    expect(await send({ headers: { host: `${name}:${port()}` } })).toMatchObject({ status: 200 });
  });

  test.each(["evil.example", "127.0.0.1", "localhost:1", "127.0.0.1.evil.example", "evil.example:80"])("%s is refused", async (host) => {
    const answer = await send({ headers: { host } });
    expect(answer).toMatchObject({ status: 403, error: { data: { code: "FORBIDDEN" } } });
    expect(answer.error?.message).toContain("ARCHLOOM_ALLOWED_HOSTS");
  });

  test("that the owner allowed is served", () => {
    const place = readPlace({ NODE_ENV: "test", PORT: "3210", ARCHLOOM_ALLOWED_HOSTS: "lab.example, Lab.example:8443" });
    expect(refuseHost(new Headers({ host: "lab.example:8443" }), place)).toBeNull();
    expect(refuseHost(new Headers({ host: "lab.example" }), place)).toBeNull();
    expect(refuseHost(new Headers({ host: "lab.example:1" }), place)).not.toBeNull();
    expect(refuseHost(new Headers(), place)).not.toBeNull();
  });
});

describe("another page", () => {
  const origins = ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"];

  test.each(origins)("at %s cannot write", async (origin) => {
    const before = await countRuns();
    expect(await send({ ...start, headers: { ...json, origin } })).toMatchObject({ status: 403 });
    expect(await countRuns()).toBe(before);
  });

  test.each(origins)("at %s cannot open an event stream or read", async (origin) => {
    expect(await send({ ...events, headers: { origin } })).toMatchObject({ status: 403 });
    expect(await send({ headers: { origin } })).toMatchObject({ status: 403 });
  });

  test.each(["cross-site", "same-site"])("that is %s cannot open an event stream, which comes without an origin", async (site) => {
    expect(await send({ ...events, headers: { "sec-fetch-site": site } })).toMatchObject({ status: 403 });
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "text/plain; application/json"])(
    "cannot write by a form of type %j, even when nothing says where it is from",
    async (type) => {
      const before = await countRuns();
      const answer = await send({ ...start, headers: type === "" ? {} : { "content-type": type } });
      expect(answer).toMatchObject({ status: 415, error: { data: { code: "UNSUPPORTED_MEDIA_TYPE" } } });
      expect(await countRuns()).toBe(before);
    },
  );

  test("cannot write by a link", async () => {
    const path = `run.start?input=${encodeURIComponent(start.body)}`;
    expect((await send({ path })).status).toBe(405);
  });
});

test("our own page and the command line can do all of it", async () => {
  const origin = server.url;
  const before = await countRuns();
  expect(await send({ ...start, headers: { ...json, origin, "sec-fetch-site": "same-origin" } })).toMatchObject({ status: 200 });
  expect(await send({ ...start, headers: { "content-type": "application/json; charset=utf-8" } })).toMatchObject({ status: 200 });
  expect(await countRuns()).toBe(before + 2);
  expect(await send({ ...events, headers: { "sec-fetch-site": "same-origin" } })).toMatchObject({ status: 200 });
});

describe("a body", () => {
  const long = JSON.stringify({ preset: "quick", name: "x".repeat(maxBodyBytes) });

  test("that says it is too long is refused", async () => {
    const headers = { ...json, "content-length": String(long.length) };
    expect(await send({ ...start, headers, body: long })).toMatchObject({ status: 413 });
  });

  test("that does not say how long it is is refused once it is too long", async () => {
    const headers = { ...json, "transfer-encoding": "chunked" };
    expect(await send({ ...start, headers, body: long })).toMatchObject({ status: 413 });
  });

  test("that is not JSON is refused as a bad request", async () => {
    expect(await send({ ...start, headers: json, body: "{" })).toMatchObject({ status: 400 });
  });
});

describe("an error", () => {
  test("of the input names the field in a sentence", async () => {
    const body = JSON.stringify({ preset: "quick", set: { "generation.temperature": 9 } });
    const { status, error } = await send({ ...start, headers: json, body });
    expect(status).toBe(400);
    expect(error).toMatchObject({ message: "generation.temperature: it must be at most 2.", data: { code: "BAD_REQUEST", field: "generation.temperature" } });
  });

  test("of an id's form, and of a key that does not exist, names it too", async () => {
    const get = await send({ path: `run.get?input=${encodeURIComponent('{"id":"3"}')}` });
    expect(get).toMatchObject({ status: 400, error: { message: "id: it is not valid: a run id looks like R3.", data: { field: "id" } } });
    const misspelt = await send({ ...start, headers: json, body: JSON.stringify({ preset: "quick", cycels: 3 }) });
    expect(misspelt).toMatchObject({ status: 400, error: { message: "cycels: it does not exist.", data: { field: "cycels" } } });
  });

  test("of a thing that is not there is 404", async () => {
    const answer = await send({ path: `run.get?input=${encodeURIComponent('{"id":"R999"}')}` });
    expect(answer).toMatchObject({ status: 404, error: { message: "There is no run R999.", data: { field: "id" } } });
  });

  test("of our own shows an id, logs the cause under it, and says nothing of the database", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const empty = connect(inject("testDatabaseUrl"));
    const broken = await serve(() => ({ ...web.context, db: empty.db }));
    const response = await fetch(`${broken.url}/api/trpc/run.list`);
    const body = await response.text();
    await broken.close();
    await empty.close();
    expect(response.status).toBe(500);
    const id = /"internal error ([0-9a-f]{8})"/.exec(body)?.[1] ?? "none";
    expect(inspect(log.mock.calls)).toContain(id);
    expect(inspect(log.mock.calls, { depth: null })).toContain('relation "run" does not exist');
    expect(body).not.toMatch(/select|relation|stack|\.ts/i);
  });

  test("of a database that is away says so", async () => {
    const away = connect("postgres://nobody@127.0.0.1:1/none");
    const cut = await serve(() => ({ ...web.context, db: away.db }));
    const response = await fetch(`${cut.url}/api/trpc/run.list`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("The database does not answer");
    await cut.close();
    await away.close();
  });
});
