import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { type ScriptedTask, type ScriptedWorker, startScriptedWorker } from "../test/scripted-worker";
import { serve, type TestServer } from "../test/serve";
import { runCommandLine } from "./run-command-line";

const database = useTestDatabase();
const web = useCaller(database);
let worker: ScriptedWorker;
let server: TestServer;
let sql: postgres.Sql;
let home = "";

beforeAll(async () => {
  worker = await startScriptedWorker(database.url);
  server = await serve(() => web.context);
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  home = mkdtempSync(join(tmpdir(), "archloom-prompt-"));
  writeFileSync(join(home, "mine.txt"), "One for {{recipe}}.\n");
  writeFileSync(join(home, "system.txt"), "You write networks.");
  writeFileSync(join(home, "wrong.txt"), "\nOne for {{shape}}.");
  writeFileSync(join(home, "latin.txt"), Buffer.from([0x6d, 0xfc]));
});
afterAll(async () => {
  await server.close();
  await worker.close();
  await sql.end();
  rmSync(home, { recursive: true });
});

async function run(line: string) {
  const text = { out: "", error: "" };
  const code = await runCommandLine(line.split(" "), {
    env: { NODE_ENV: "test", ARCHLOOM_URL: server.url, ARCHLOOM_HOME: home, INIT_CWD: home },
    write: (part) => void (text.out += part),
    writeError: (part) => void (text.error += part),
    isTerminal: false,
    signal: new AbortController().signal,
    sleep: () => new Promise((later) => setTimeout(later, 20)),
  });
  return { code, ...text };
}

/** Types the command and does its task as a worker would. */
async function runWith(line: string, work: (task: ScriptedTask) => Promise<void>) {
  const typed = run(line);
  let task: ScriptedTask | undefined;
  while (task === undefined) {
    task = await worker.beginTask().catch(() => undefined);
    await new Promise((later) => setTimeout(later, 20));
  }
  await work(task);
  return { task, ...(await typed) };
}

describe("prompt", () => {
  test("save makes versions out of files, which show prints", async () => {
    expect(await run("prompt save mine mine.txt --system system.txt")).toEqual({ code: 0, out: "mine@1\n", error: "" });
    writeFileSync(join(home, "mine.txt"), "Another for {{recipe}}.\n");
    expect((await run("prompt save mine mine.txt")).out).toBe("mine@2\n");
    expect((await run("prompt show mine")).out).toMatch(/^template +mine@2\n[^]*--- system\nYou write networks\.\n--- user\nAnother for \{\{recipe\}\}\.\n/);
    expect((await run("prompt show mine@1")).out).toContain("One for {{recipe}}.");
    expect((await run("prompt list")).out).toMatch(/^mine +chat +2 +0$/m);
  });

  test.each([
    ["prompt save mine mine.txt", /^Nothing changed: this is mine@2\.$/],
    ["prompt save other wrong.txt", /^text: \{\{shape\}\} in line 2, column 9 is no field/],
    ["prompt save other none.txt", /none\.txt cannot be read/],
    ["prompt save other latin.txt", /latin\.txt is not UTF-8 text/],
    ["prompt save other mine.txt --kind poem", /^--kind takes plain or chat/],
    ["prompt save Other! mine.txt", /^name: it is not valid: a template's name looks like my-prompt\.$/],
    ["prompt show mine@7", /^There is no version mine@7: mine has mine@2, mine@1\.$/],
    ["prompt show nowhere", /^There is no prompt template nowhere\.$/],
    ["prompt preview mine --backend grammar", /^--backend takes transformers or server/],
  ])("%s is refused in a sentence", async (line, sentence) => {
    const { code, error } = await run(line);
    expect(code).toBe(1);
    expect(error.trimEnd()).toMatch(sentence);
  });

  test("preview shows the text, or every token with its id", async () => {
    const tokens = [{ id: 1, text: "<s>", special: true }, { id: 20, text: "Hi\n", special: false }];
    const finish = (task: ScriptedTask) => task.finish({ text: "<s>Hi\n", tokens, context_tokens: 512, note: "It has no chat format." });
    const shown = await runWith("prompt preview mine@1 --model org/model --wishes new", finish);
    expect(shown.task.args).toMatchObject({ model: "org/model", kind: "chat", text: "One for {{recipe}}.\n", recipe: "digits", novelty_wishes: "new" });
    expect(shown.out).toBe("<s>Hi\n\n---\n2 tokens of a context of 512\nIt has no chat format.\n");
    const listed = await runWith("prompt preview starter --tokens", finish);
    expect(listed.out).toMatch(/^id +text *\n +1 +"<s>" +the model's format\n20 +"Hi\\n"\n---/);
  });
});

describe("model check", () => {
  const found = { fits: true, sentence: "It fits.", architecture: "GPT2", parameters: 1000, vocabulary: 10, context_tokens: 64, has_chat_template: false };
  const memory = { dtype: "float32", needed_bytes: 2048, available_bytes: 4096, device: "cpu", adapter_target_modules: ["c_attn"] };

  test("prints what is known, and fails when the model does not fit", async () => {
    const fits = await runWith("model check org/model --set generation.batch_size=3", (task) => task.finish({ ...found, ...memory }));
    expect(fits.task.args).toMatchObject({ model: "org/model", batch_size: 3, lora: { rank: 32 } });
    expect(fits).toMatchObject({ code: 0, out: expect.stringMatching(/^memory needed +2\.0 KiB$[^]*^layers +c_attn$[^]*\nIt fits\.\n$/m) as string });
    const large = await runWith("model check org/model", (task) => task.finish({ ...found, ...memory, fits: false, sentence: "Too large." }));
    expect(large).toMatchObject({ code: 1, out: expect.stringContaining("Too large.") as string });
    const gone = await runWith("model check org/none", (task) => task.fail("There is no model org/none."));
    expect(gone).toMatchObject({ code: 1, out: "", error: "There is no model org/none.\n" });
  });

  test.each([
    ["model check x --preset huge", /^--preset takes starter, /],
    ["model check x --set lora.rank=0", /^lora\.rank: it must be at least 1\.$/],
  ])("%s is refused in a sentence", async (line, sentence) => {
    expect((await run(line)).error.trimEnd()).toMatch(sentence);
  });
});

describe("data", () => {
  test("is listed once a worker has named it, and fetched with a sentence at the end", async () => {
    expect((await run("data list")).out).toMatch(/^No worker has named a data set yet/);
    const recipe = { name: "cifar10", description: "", in_shape: [3, 32, 32], classes: 10, batch_size: 1, parameters_limit: null, multiply_adds_limit: null, typical_seconds: 1 };
    await sql`update worker set recipes = ${sql.json([{ ...recipe, dataset: "cifar-10", dataset_state: "missing", dataset_detail: "not here" }])}`;
    expect((await run("data list")).out).toMatch(/^cifar-10 +missing +cifar10 +not here$/m);
    const fetched = await runWith("data fetch cifar-10", (task) => task.finish({ dataset: "cifar-10", bytes: 1_048_576 }));
    expect(fetched).toMatchObject({ code: 0, out: "cifar-10 is here: 1.0 MiB\n" });
    expect((await run("data fetch mnist")).error).toMatch(/^dataset: no recipe needs "mnist" \(there are cifar-10\)/);
  });

  test("that is missing keeps the paper's preset from being started, with everything else that is", async () => {
    const { code, error } = await run("run start --preset paper");
    expect(code).toBe(1);
    expect(error).toMatch(/^recipe: There is no recipe cifar10-paper .* corpus_version: There is no corpus lemur.* generation\.quantization: .*\n$/);
  });
});
