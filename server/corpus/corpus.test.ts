import postgres, { type JSONValue } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { parseTaskId } from "../contract";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { type ScriptedTask, type ScriptedWorker, startScriptedWorker } from "../test/scripted-worker";
import { assertCorpusReady } from "./find";

const database = useTestDatabase();
const web = useCaller(database);
let worker: ScriptedWorker;
let sql: postgres.Sql;

beforeAll(async () => {
  sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  worker = await startScriptedWorker(database.url);
});
afterAll(async () => {
  await worker.close();
  await sql.end();
});

const corpus = () => web.call.corpus;

const report = {
  read: 3, base: 0, kept: 2, exact_duplicates: 1, near_duplicates: 0, duplicates_of_base: 0, shingle_tokens: 10, near_jaccard: 0.9,
  family_jaccard: 0.85, seed: 42, families: 2, family_sizes: { "1": 2 }, largest_families: [{ family: "Alex", size: 2, split: "train", members: ["a", "b"] }],
  broad_prefixes: [], splits: { train: 2, validation: 0, test: 0 }, largest_duplicate_groups: [{ key: "a", name: null, dropped: 1 }],
  dropped: [{ key: "c", name: null, duplicate_of: "a", kind: "exact", jaccard: 1 }],
};

interface Entry {
  name?: string;
  family?: string;
  split?: string;
  accuracy?: number;
  code?: string;
}

async function storeCorpus(version: string, entries: Entry[], { state = "ready", report: found = null as JSONValue } = {}) {
  await sql`insert into corpus (version, description, entries, sha256, state, report)
    values (${version}, 'made by the test', ${entries.length}, 'x', ${state}, ${found === null ? null : sql.json(found)})`;
  for (const [position, { name = null, family = null, split = "train", accuracy = null, code = "class Net:\n    pass\n" }] of entries.entries()) {
    await sql`insert into corpus_entry (corpus_version, position, code, name, family, split, accuracy)
      values (${version}, ${position}, ${code}, ${name}, ${family}, ${split}, ${accuracy})`;
  }
}

/** What a worker does with a check: a third is accepted, a third are copies, a third cannot be. */
async function decide(task: ScriptedTask, entries: number): Promise<void> {
  const verdicts = ["accepted", "duplicate", "rejected"];
  for (let position = 0; position < entries; position += 1) {
    const verdict = verdicts[position % 3] ?? "";
    await sql`insert into corpus_finding (task_id, position, locator, name, verdict, reason) values (${task.id}, ${position},
      ${`a.jsonl line ${position + 1}`}, ${`net-${position}`}, ${verdict}, ${verdict === "accepted" ? null : `is ${verdict}`})`;
  }
}

const toResult = (entries: number) => ({
  source: "a.jsonl",
  entries,
  accepted: Math.ceil(entries / 3),
  duplicates: Math.ceil((entries - 1) / 3),
  rejected: Math.floor(entries / 3),
});

async function check(entries: number): Promise<string> {
  const { id } = await corpus().check({ source: { type: "nn_dataset" }, recipe: "digits" });
  const task = await worker.beginTask(["check_corpus"]);
  await decide(task, entries);
  await task.finish(toResult(entries));
  return id;
}

describe("a corpus", () => {
  beforeAll(async () => {
    await storeCorpus("starter-1", [{}, {}]);
    await storeCorpus(
      "lemur",
      [
        { name: "AlexNet-1", family: "AlexNet-1", accuracy: 0.5, code: "a\nb\n\n" },
        { name: "AlexNet-2", family: "AlexNet-1" },
        { name: "100%_net", family: "odd", split: "test", accuracy: 0.25 },
        { family: "", split: "validation" },
      ],
      { report },
    );
    await sql`update corpus set created_at = now() - interval '1 hour' where version = 'starter-1'`;
  });

  test("is listed with the numbers of its entries and the runs that use it", async () => {
    const { id } = await web.call.run.start({ preset: "quick" });
    expect(await corpus().list()).toEqual([
      {
        version: "lemur",
        description: "made by the test",
        state: "ready",
        builtin: false,
        entries: 4,
        splits: { train: 2, validation: 1, test: 1 },
        families: 3,
        with_accuracy: 2,
        base_version: null,
        runs: [],
        task: null,
        created_at: expect.any(String) as string,
      },
      expect.objectContaining({ version: "starter-1", builtin: true, families: 0, with_accuracy: 0, runs: [id] }),
    ]);
    await web.call.run.cancel({ id });
  });

  test("has its curation report and largest families; a report of another version is left out", async () => {
    const detail = await corpus().get({ version: "lemur" });
    expect(detail).toMatchObject({ version: "lemur", report: { near_jaccard: 0.9, splits: { train: 2 }, dropped: [{ kind: "exact" }] } });
    expect(detail.largest_families[0]).toEqual({ family: "AlexNet-1", entries: 2, split: "train" });
    expect(detail.families_across_splits).toBe(0);
    await sql`update corpus_entry set split = 'test' where name = 'AlexNet-2'`;
    expect((await corpus().get({ version: "lemur" })).families_across_splits).toBe(1);
    await sql`update corpus_entry set split = 'train' where name = 'AlexNet-2'`;
    await sql`update corpus set report = '{"read": 3}' where version = 'lemur'`;
    expect((await corpus().get({ version: "lemur" })).report).toBeNull();
    await expect(corpus().get({ version: "none" })).rejects.toMatchObject({ code: "NOT_FOUND", message: "There is no corpus none." });
  });

  test.each([
    [{}, [0, 1, 2, 3]],
    [{ search: "alex" }, [0, 1]],
    [{ search: "0%_" }, [2]],
    [{ search: "%" }, [2]],
    [{ search: "\\" }, []],
    [{ search: "#3" }, [3]],
    [{ search: "#99999" }, []],
    [{ family: "AlexNet-1", split: "train" as const }, [0, 1]],
    [{ family: "" }, [3]],
    [{ split: "test" as const }, [2]],
  ])("filtered by %j has the entries %j", async (filter, positions) => {
    const page = await corpus().entries({ version: "lemur", ...filter });
    expect(page.items.map((item) => item.position)).toEqual(positions);
    expect(page).toMatchObject({ total: positions.length, next_cursor: null });
  });

  test("is read page by page, each entry once", async () => {
    const first = await corpus().entries({ version: "lemur", limit: 2 });
    expect(first).toMatchObject({ total: 4, next_cursor: 1 });
    const second = await corpus().entries({ version: "lemur", limit: 2, cursor: first.next_cursor });
    expect(second.items.map((item) => item.position)).toEqual([2, 3]);
    expect(second.next_cursor).toBeNull();
    await expect(corpus().entries({ version: "none" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("shows one entry with its code", async () => {
    expect(await corpus().entry({ version: "lemur", position: 0 })).toEqual({
      version: "lemur", position: 0, name: "AlexNet-1", family: "AlexNet-1", split: "train", accuracy: 0.5, lines: 2,
      code: "a\nb\n\n", messages: null, answer: null, statistics: null,
    });
    await expect(corpus().entry({ version: "lemur", position: 9 })).rejects.toMatchObject({ code: "NOT_FOUND", message: "There is no entry lemur #9." });
  });
});

describe("a check", () => {
  test("streams what becomes of each entry, and is found again by its task", async () => {
    const [file] = await sql<{ id: string }[]>`insert into stored_file (name, bytes, complete) values ('a.jsonl', 3, true) returning id`;
    const { id } = await corpus().check({ source: { type: "file", file: `F${file?.id}` }, recipe: "digits", base_version: "lemur" });
    const task = await worker.beginTask(["check_corpus"]);
    expect(task.args).toEqual({ source: { type: "file", file: Number(file?.id) }, recipe: "digits", base_version: "lemur" });
    await decide(task, 4);
    await task.report(4, 7, "entries");
    expect(await corpus().getCheck({ check: id })).toMatchObject({
      task: { id, state: "running" }, source: "a.jsonl", read_as: null, recipe: "digits", base_version: "lemur", counts: { accepted: 2, duplicate: 1, rejected: 1 }, import: null,
    });
    await task.finish({ ...toResult(4), source: "a.jsonl: a.jsonl is read as JSONL." });
    const done = { source: "a.jsonl", read_as: "a.jsonl is read as JSONL.", task: { state: "done", result: { accepted: 2 } } };
    expect(await corpus().getCheck({ check: id })).toMatchObject(done);
    await sql`delete from stored_file`;
    expect(await corpus().getCheck({ check: id })).toMatchObject(done);
  });

  test("lists its findings in order, by verdict and page, with position and reason", async () => {
    const id = await check(8);
    const page = await corpus().findings({ check: id, verdict: "rejected", limit: 1 });
    expect(page).toEqual({
      items: [{ position: 2, locator: "a.jsonl line 3", name: "net-2", verdict: "rejected", reason: "is rejected" }],
      counts: { accepted: 3, duplicate: 3, rejected: 2 },
      next_cursor: 2,
    });
    expect((await corpus().findings({ check: id, verdict: "rejected", limit: 1, cursor: 2 })).items.map((item) => item.position)).toEqual([5]);
    expect((await corpus().findings({ check: id })).items).toHaveLength(8);
  });

  test("names a run as its source", async () => {
    const run = await web.call.run.start({ preset: "quick" });
    await expect(corpus().check({ source: { type: "run", run: run.id }, recipe: "digits" })).rejects.toMatchObject({ code: "CONFLICT", message: `${run.id} has no winners yet.` });
    await worker.work();
    const { id } = await corpus().check({ source: { type: "run", run: run.id }, recipe: "digits" });
    expect((await corpus().getCheck({ check: id })).source).toBe(`winners of ${run.id}`);
    await web.call.task.cancel({ id });
  });

  test.each([
    [{ source: { type: "file" as const, file: "F999" }, recipe: "digits" }, "NOT_FOUND", /^There is no file F999: files are kept for 7 days/],
    [{ source: { type: "run" as const, run: "R999" }, recipe: "digits" }, "NOT_FOUND", /^There is no run R999/],
    [{ source: { type: "nn_dataset" as const }, recipe: "digits", base_version: "none" }, "BAD_REQUEST", /^base_version: There is no corpus none \(there are: lemur, starter-1\)\.$/],
    [{ source: { type: "nn_dataset" as const }, recipe: "No" }, "BAD_REQUEST", /^recipe: it is not valid/],
  ])("of %j is refused", async (input, code, message) => {
    await expect(corpus().check(input)).rejects.toMatchObject({ code, message });
  });

  test("under a recipe that no worker knows is refused, naming those there are", async () => {
    await sql`update worker set recipes = ${sql.json([{ name: "digits", description: "", in_shape: [1, 16, 16], classes: 10, batch_size: 16, parameters_limit: null, multiply_adds_limit: null, typical_seconds: 1, dataset: null, dataset_state: null, dataset_detail: null }])}`;
    await expect(corpus().check({ source: { type: "nn_dataset" }, recipe: "cifar99" })).rejects.toMatchObject({
      code: "BAD_REQUEST", message: "recipe: there is no recipe cifar99 (there are: digits).",
    });
  });

  test("is no other task", async () => {
    const { id } = await corpus().export({ source: { type: "corpus", version: "lemur" }, format: "lemur" });
    const { getCheck, findings, import: make } = corpus();
    for (const ask of [() => getCheck({ check: id }), () => findings({ check: id }), () => make({ check: id, version: "x" })]) {
      await expect(ask()).rejects.toMatchObject({ code: "NOT_FOUND", message: `${id} is no check of a corpus.` });
    }
    await web.call.task.cancel({ id });
  });
});

describe("an import", () => {
  test("takes what a finished check accepted, after the version it was checked against", async () => {
    const { id: checked } = await corpus().check({ source: { type: "nn_dataset" }, recipe: "digits", base_version: "lemur" });
    await expect(corpus().import({ check: checked, version: "more" })).rejects.toMatchObject({ code: "CONFLICT", message: `The check ${checked} is queued: only what a finished check accepted can be imported.` });
    await (await worker.beginTask(["check_corpus"])).finish(toResult(6));
    const { id } = await corpus().import({ check: checked, version: "more", description: "  two more " });
    const task = await worker.beginTask(["import_corpus"]);
    expect(task.args).toEqual({ check: parseTaskId(checked), version: "more", description: "two more", base_version: "lemur", seed: 42 });
    expect((await corpus().getCheck({ check: checked })).import).toEqual({ task: id, version: "more" });
    await task.fail("The disk is full.");
    expect((await web.call.task.get({ id })).error).toBe("The disk is full.");
  });

  test("may be asked for again after it failed, but never under a name that is taken", async () => {
    const checked = await check(3);
    await corpus().import({ check: checked, version: "twice" });
    await expect(corpus().import({ check: checked, version: "twice" })).rejects.toMatchObject({ code: "CONFLICT", message: /^version: twice is being imported by T\d+\. Choose another name\.$/ });
    const task = await worker.beginTask(["import_corpus"]);
    await task.fail("The disk is full.");
    await corpus().import({ check: checked, version: "twice" });
    for (const version of ["lemur", "starter-1"]) {
      await expect(corpus().import({ check: checked, version })).rejects.toMatchObject({ code: "CONFLICT", message: `version: ${version} exists already. Choose another name.` });
    }
    await expect(corpus().import({ check: checked, version: "import" })).rejects.toMatchObject({ code: "CONFLICT", message: /^version: import would be the address/ });
    await (await worker.beginTask(["import_corpus"])).fail(null);
  });

  test("twice at once under one name is queued once", async () => {
    const checked = await check(3);
    const both = await Promise.allSettled([corpus().import({ check: checked, version: "race" }), corpus().import({ check: checked, version: "race" })]);
    expect(both.map((one) => one.status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await (await worker.beginTask(["import_corpus"])).fail(null);
  });

  test.each(["", "Lemur", "a b", "../x", "a/b", "x".repeat(41), "ä"])("is refused under the name %j", async (version) => {
    await expect(corpus().import({ check: "T1", version })).rejects.toMatchObject({ code: "BAD_REQUEST", message: /^version: / });
  });

  test("is refused when its check accepted nothing, failed, or was cancelled", async () => {
    const checks: string[] = [];
    for (const end of [
      (task: ScriptedTask) => task.finish({ source: "a", entries: 2, accepted: 0, duplicates: 1, rejected: 1 }),
      (task: ScriptedTask) => task.fail("a.jsonl is no text."),
      (task: ScriptedTask) => task.fail(null),
    ]) {
      checks.push((await corpus().check({ source: { type: "nn_dataset" }, recipe: "digits" })).id);
      await end(await worker.beginTask(["check_corpus"]));
    }
    const [empty = "", failed = "", cancelled = ""] = checks;
    await expect(corpus().import({ check: empty, version: "x" })).rejects.toMatchObject({ code: "CONFLICT", message: `The check ${empty} accepted none of its 2 entries, so there is nothing to import.` });
    await expect(corpus().import({ check: failed, version: "x" })).rejects.toMatchObject({ message: /is failed: only what a finished check/ });
    await expect(corpus().import({ check: cancelled, version: "x" })).rejects.toMatchObject({ message: /is cancelled: only/ });
  });
});

describe("deleting", () => {
  test("removes a corpus with its entries", async () => {
    await storeCorpus("spare", [{}, {}]);
    await corpus().delete({ version: "spare" });
    expect(await sql`select from corpus_entry where corpus_version = 'spare'`).toHaveLength(0);
    await expect(corpus().delete({ version: "spare" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("is refused for the one that comes with Archloom", async () => {
    await expect(corpus().delete({ version: "starter-1" })).rejects.toMatchObject({ code: "CONFLICT", message: "starter-1 comes with Archloom and stays." });
  });

  test("is refused while runs use it, naming them", async () => {
    await storeCorpus("used", [{}]);
    const runs: string[] = [];
    for (let n = 0; n < 6; n += 1) runs.push((await web.call.run.start({ preset: "quick", set: { corpus_version: "used" } })).id);
    await expect(corpus().delete({ version: "used" })).rejects.toMatchObject({
      code: "CONFLICT",
      message: `used is used by ${runs.slice(0, 5).join(", ")} and 1 more: their novelty was decided against it. Delete those runs first.`,
    });
    for (const id of runs) {
      await web.call.run.cancel({ id });
      await web.call.run.delete({ id });
    }
    await corpus().delete({ version: "used" });
  });

  test("is refused while a task works with it", async () => {
    await storeCorpus("busy", [{}]);
    for (const opened of [
      await corpus().export({ source: { type: "corpus", version: "busy" }, format: "lemur" }),
      await corpus().check({ source: { type: "nn_dataset" }, recipe: "digits", base_version: "busy" }),
    ]) {
      await expect(corpus().delete({ version: "busy" })).rejects.toMatchObject({ code: "CONFLICT", message: `${opened.id} works with busy: cancel it or wait for its end.` });
      await web.call.task.cancel({ id: opened.id });
    }
    await corpus().delete({ version: "busy" });
  });
});

describe("an export", () => {
  test("is queued for a run's winners or valid programs, and for a corpus", async () => {
    const run = await web.call.run.start({ preset: "quick" });
    await expect(corpus().export({ source: { type: "run", run: run.id }, format: "lemur" })).rejects.toMatchObject({ code: "CONFLICT", message: `${run.id} has no winners yet.` });
    await expect(corpus().export({ source: { type: "run", run: run.id, which: "valid" }, format: "lemur" })).rejects.toMatchObject({ message: `${run.id} has no valid programs yet.` });
    await worker.work();
    const asked = [];
    for (const source of [{ type: "run", run: run.id }, { type: "run", run: run.id, which: "valid" }, { type: "corpus", version: "lemur" }] as const) {
      await corpus().export({ source, format: "chat_jsonl" });
      const task = await worker.beginTask(["export_networks"]);
      asked.push(task.args);
      await task.finish({ file: 1, name: "x.jsonl", bytes: 3, networks: 1 });
    }
    const number = Number(run.id.slice(1));
    expect(asked).toEqual([
      { source: { type: "run", run: number, which: "winners" }, format: "chat_jsonl" },
      { source: { type: "run", run: number, which: "valid" }, format: "chat_jsonl" },
      { source: { type: "corpus", version: "lemur" }, format: "chat_jsonl" },
    ]);
  });

  test("is refused for what is not there or not ready", async () => {
    await storeCorpus("half", [], { state: "importing" });
    await expect(corpus().export({ source: { type: "corpus", version: "half" }, format: "lemur" })).rejects.toMatchObject({ message: "source.version: The corpus half is still being imported." });
    await expect(corpus().export({ source: { type: "corpus", version: "none" }, format: "lemur" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(corpus().export({ source: { type: "run", run: "R999" }, format: "lemur" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

test("work may be started on a corpus that is ready, and on the one that comes with Archloom before it is made", async () => {
  const { db } = web.context;
  await assertCorpusReady(db, "lemur");
  await sql`update run set config = jsonb_set(config, '{corpus_version}', '"starter-1"')`;
  await sql`delete from corpus where version = 'starter-1'`;
  await assertCorpusReady(db, "starter-1");
  await expect(assertCorpusReady(db, "half")).rejects.toMatchObject({ code: "invalid", field: "corpus_version" });
  await expect(assertCorpusReady(db, "none")).rejects.toMatchObject({ message: "corpus_version: There is no corpus none (there are: lemur)." });
});
