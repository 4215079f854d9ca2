import { TRPCError } from "@trpc/server";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";

const database = useTestDatabase();
const web = useCaller(database);
let sql: postgres.Sql;

beforeAll(() => {
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});
afterAll(() => sql.end());

const chat = { name: "mine", kind: "chat", system: "You write networks.", text: "One for {{recipe}}." } as const;

async function problemOf(promise: Promise<unknown>) {
  const error: unknown = await promise.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof TRPCError)) throw new Error(`expected a refusal, got ${String(error)}`);
  const cause: unknown = error.cause;
  return { code: error.code, message: error.message, field: cause instanceof Object && "field" in cause ? cause.field : undefined };
}

test("two templates come with Archloom, at version 1", async () => {
  const offered = await web.call.prompt.list();
  expect(offered).toMatchObject([
    { name: "instruct", kind: "chat", version: 1, builtin: true, archived: false, runs: 0 },
    { name: "starter", kind: "plain", version: 1, builtin: true },
  ]);
  expect((await web.call.prompt.get({ name: "starter" })).versions).toMatchObject([{ id: "starter@1", system: "", text: "import torch\nimport torch.nn as nn\n" }]);
});

describe("saving", () => {
  test("makes version 1 of a new name and the next of a known one; earlier versions stay", async () => {
    await expect(web.call.prompt.save({ ...chat, base_version: null })).resolves.toEqual({ id: "mine@1", name: "mine", version: 1 });
    await expect(web.call.prompt.save({ ...chat, text: "Another for {{ classes }} classes.", base_version: 1 })).resolves.toMatchObject({ id: "mine@2" });
    const { versions } = await web.call.prompt.get({ name: "mine" });
    expect(versions.map(({ version, text, system }) => [version, text, system])).toEqual([
      [2, "Another for {{ classes }} classes.", chat.system],
      [1, chat.text, chat.system],
    ]);
    expect((await web.call.prompt.list()).find(({ name }) => name === "mine")).toMatchObject({ version: 2, versions: [2, 1], builtin: false });
  });

  test.each([
    ["unchanged text", { ...chat, name: "starter", kind: "plain", system: "", text: "import torch\nimport torch.nn as nn\n" }, "CONFLICT", undefined, /^Nothing changed: this is starter@1\.$/],
    ["a name that is taken, as a new one", { ...chat, name: "instruct", base_version: null }, "CONFLICT", "name", /instruct already/],
    ["over what somebody else saved", { ...chat, text: "x", base_version: 1 }, "CONFLICT", "base_version", /mine@2 was saved meanwhile/],
    ["the next version of nothing", { ...chat, name: "none", base_version: 1 }, "CONFLICT", "base_version", /no template none/],
    ["another kind under the same name", { ...chat, kind: "plain", system: "" }, "CONFLICT", "kind", /mine is a chat template/],
    ["a plain one with a system message", { ...chat, name: "new", kind: "plain" }, "BAD_REQUEST", "system", /no system message/],
    ["nothing", { ...chat, name: "new", text: " \n" }, "BAD_REQUEST", "text", /empty/],
    ["an unknown field", { ...chat, name: "new", text: "a\n  b {{recip}} {{x}}" }, "BAD_REQUEST", "text", /^text: \{\{recip\}\} in line 2, column 5 is no field; there are recipe, /],
    ["an unknown field of the system message", { ...chat, name: "new", system: "{{}}" }, "BAD_REQUEST", "system", /^system: \{\{\}\} in line 1, column 1 /],
  ] as const)("refuses %s", async (_, input, code, field, message) => {
    const before = await sql`select count(*) from prompt_template`;
    const problem = await problemOf(web.call.prompt.save(input));
    expect(problem).toMatchObject({ code, field });
    expect(problem.message).toMatch(message);
    expect(await sql`select count(*) from prompt_template`).toEqual(before);
  });

  test.each([
    ["name", { ...chat, name: "Mine!" }],
    ["name", { ...chat, name: "a".repeat(41) }],
    ["text", { ...chat, text: "a\0b" }],
    ["text", { ...chat, text: "a\ud800b" }],
    ["system", { ...chat, system: "x".repeat(20_001) }],
  ])("refuses a %s that cannot be stored", async (field, input) => {
    await expect(web.call.prompt.save(input)).rejects.toMatchObject({ code: "BAD_REQUEST", cause: { issues: [{ path: [field] }] } });
  });

  test("of two at once makes two versions, or one and a refusal; never two of a number", async () => {
    const texts = ["one", "two", "three", "four"];
    const free = await Promise.all(texts.map((text) => web.call.prompt.save({ ...chat, name: "raced", text })));
    expect(free.map(({ version }) => version).toSorted()).toEqual([1, 2, 3, 4]);
    const based = await Promise.allSettled(texts.map((text) => web.call.prompt.save({ ...chat, name: "raced", text: `${text}!`, base_version: 4 })));
    expect(based.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("archiving", () => {
  test("takes what a person saved off the offer and puts it back; runs that used it keep it", async () => {
    const { id } = await web.call.run.start({ preset: "quick", set: { model: "org/model", "prompt.template": "mine@1" } });
    await expect(web.call.prompt.archive({ name: "mine" })).resolves.toMatchObject({ archived: true });
    const refused = await problemOf(web.call.run.start({ preset: "quick", set: { model: "org/model", "prompt.template": "mine@1" } }));
    expect(refused).toMatchObject({ code: "BAD_REQUEST", field: "prompt.template", message: expect.stringMatching(/mine@1 is archived/) as string });
    expect((await web.call.prompt.get({ name: "mine" })).versions.at(-1)).toMatchObject({ id: "mine@1", archived: true, runs: [id], run_count: 1 });
    expect((await web.call.prompt.list()).at(-1)).toMatchObject({ name: "mine", archived: true, runs: 1 });
    expect((await web.call.run.get({ id })).config.prompt.template).toBe("mine@1");
    await expect(web.call.prompt.restore({ name: "mine" })).resolves.toMatchObject({ archived: false });
    await web.call.run.cancel({ id });
  });

  test("leaves what came with Archloom", async () => {
    expect(await problemOf(web.call.prompt.archive({ name: "instruct" }))).toMatchObject({ code: "CONFLICT", field: "name" });
    await web.call.prompt.save({ ...chat, name: "starter", kind: "plain", system: "", text: "import torch\n" });
    await web.call.prompt.archive({ name: "starter" });
    expect((await web.call.prompt.get({ name: "starter" })).versions.map(({ id, archived }) => [id, archived])).toEqual([
      ["starter@2", true],
      ["starter@1", false],
    ]);
    expect((await web.call.prompt.list()).find(({ name }) => name === "starter")).toMatchObject({ versions: [2, 1], offered: [1], archived: false });
    expect(await problemOf(web.call.prompt.archive({ name: "nowhere" }))).toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("a preview", () => {
  const asked = { ...chat, backend: "transformers", model: "starter", server_url: "", quantization: "auto", recipe: "digits", novelty_wishes: "", kind: "chat" } as const;

  test("queues a task with the edited text", async () => {
    const { name: _, ...args } = asked;
    const { id } = await web.call.prompt.preview(args);
    expect(await web.call.task.get({ id })).toMatchObject({ kind: "preview_prompt", state: "queued", waiting_for_worker: true });
    const [job] = await sql`select kind, requested_by, state from job where task_id = ${Number(id.slice(1))}`;
    expect(job).toEqual({ kind: "preview_prompt", requested_by: "person", state: "queued" });
  });

  test("of a text that cannot be filled in is refused before a worker is asked", async () => {
    const { name: _, ...args } = asked;
    expect(await problemOf(web.call.prompt.preview({ ...args, text: "{{shape}}" }))).toMatchObject({ code: "BAD_REQUEST", field: "text" });
    await expect(web.call.prompt.preview({ ...args, novelty_wishes: "a\0" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });
});
