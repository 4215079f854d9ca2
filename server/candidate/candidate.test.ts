import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { jobKinds } from "../contract";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { type ScriptedWorker, startScriptedWorker } from "../test/scripted-worker";
import type { RouterInputs } from "../trpc/types";

const database = useTestDatabase();
const web = useCaller(database);
let worker: ScriptedWorker;
let sql: postgres.Sql;
let run = "";

beforeAll(async () => {
  sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  // Two fail alike, and many tie, so that pages must break ties to be complete.
  worker = await startScriptedWorker(database.url, {
    judge: ({ index, seed }) =>
      index < 2
        ? { outcome: "runtime_error", errorType: "ValueError" }
        : { outcome: "ok", accuracy: (Math.floor(index / 3) + seed) / 10 },
  });
  ({ id: run } = await web.call.run.start({ preset: "quick" }));
  await worker.work();
});
afterAll(async () => {
  await worker.close();
  await sql.end();
});

const again = () => `${run}.0.005`;

type ListInput = NonNullable<RouterInputs["candidate"]["list"]>;

async function readAllPages(input: ListInput) {
  const ids: string[] = [];
  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const page = await web.call.candidate.list({ ...input, cursor });
    ids.push(...page.items.map((item) => item.id));
    cursor = page.next_cursor;
  }
  return ids;
}

describe("listing", () => {
  const sorts = ["id", "accuracy", "report_accuracy", "jaccard", "parameters", "tokens", "train_seconds"] as const;

  test.each(sorts.flatMap((sort) => [[sort, "ascending"], [sort, "descending"]] as const))(
    "by %s %s gives every candidate once, whatever the page size",
    async (sort, direction) => {
      const whole = await web.call.candidate.list({ run, sort, direction, limit: 1000 });
      expect(whole.items).toHaveLength(16);
      expect(whole.next_cursor).toBeNull();
      const ids = await readAllPages({ run, sort, direction, limit: 3 });
      expect(ids).toEqual(whole.items.map((item) => item.id));
      expect(new Set(ids).size).toBe(16);
      if (sort === "id") return;
      const values = whole.items.map((item) => item[sort]);
      const known = values.filter((value) => value !== null);
      expect(values.slice(known.length).every((value) => value === null)).toBe(true);
      expect(known).toEqual(known.toSorted((a, b) => (direction === "ascending" ? a - b : b - a)));
    },
  );

  test("goes on without repetition or loss when candidates appear between pages", async () => {
    const first = await web.call.candidate.list({ run, sort: "accuracy", direction: "descending", limit: 5 });
    const other = await web.call.run.start({ preset: "quick" });
    await worker.work();
    const rest = await readAllPages({ sort: "accuracy", direction: "descending", limit: 4, cursor: undefined, run });
    expect(rest.slice(0, 5)).toEqual(first.items.map((item) => item.id));
    await web.call.run.delete({ id: other.id });
  });

  test("counts what matches and what there is", async () => {
    expect(await web.call.candidate.list({ run, outcome: ["runtime_error"] })).toMatchObject({ total: 4, unfiltered_total: 16 });
    expect(await web.call.candidate.list({ run, min_accuracy: 0.2 })).toMatchObject({ total: 4 });
    expect(await web.call.candidate.list({ run, selected: true })).toMatchObject({ total: 4 });
    expect(await web.call.candidate.list({ run, novel: true, cycle: 1 })).toMatchObject({ total: 6 });
    expect(await web.call.candidate.list({ run, state: "writing" })).toMatchObject({ total: 0, items: [], next_cursor: null });
    expect(await web.call.candidate.list({ run: "R999" })).toMatchObject({ total: 0, unfiltered_total: 0 });
  });

  test.each([
    "x",
    Buffer.from('["id ascending",null,1,0,0]').toString("base64url"),
    Buffer.from('["accuracy ascending",null,1,99999999999,0]').toString("base64url"),
  ])("refuses the foreign cursor %s", async (cursor) => {
    await expect(web.call.candidate.list({ run, sort: "accuracy", cursor })).rejects.toMatchObject({ code: "BAD_REQUEST", cause: { field: "cursor" } });
  });
});

describe("one candidate", () => {
  test("has its neighbours, its error and how many fail alike", async () => {
    const candidate = await web.call.candidate.get({ id: `${run}.1.000` });
    expect(candidate).toMatchObject({
      id: `${run}.1.000`,
      outcome: "runtime_error",
      error: { type: "ValueError", message: "it said so", line: 3 },
      failure_peers: 3,
      previous_id: `${run}.0.007`,
      next_id: `${run}.1.001`,
      has_adapter: true,
      prompt: "import torch",
      protection_level: "full",
      neighbour: null,
      repeatability: null,
    });
    expect(candidate.code).toContain("1-0");
    expect((await web.call.candidate.get({ id: `${run}.0.000` })).previous_id).toBeNull();
    expect((await web.call.candidate.get({ id: `${run}.1.007` })).next_id).toBeNull();
  });

  test("shows a neighbour of the corpus with its place there", async () => {
    await sql`insert into corpus (version, description, entries, sha256) values ('starter-1', 'test', 1, 'x')`;
    const [entry] = await sql<{ id: string }[]>`insert into corpus_entry (corpus_version, position, code) values ('starter-1', 812, 'known') returning id`;
    await sql`update candidate set neighbour_candidate_id = null, neighbour_corpus_entry_id = ${entry?.id ?? null}
      where run_id = ${Number(run.slice(1))} and cycle = 0 and index = 4`;
    const { neighbour } = await web.call.candidate.get({ id: `${run}.0.004` });
    expect(neighbour).toEqual({ kind: "corpus", id: "starter-1 #812", name: null, jaccard: 0.5, minhash_estimate: 0.5, basis: "body", code: "known", accuracy: null });
  });

  test.each([`R1.0.999`, `R1.9.000`, `R999.0.000`])("%s does not exist", async (id) => {
    await expect(web.call.candidate.get({ id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("running again", () => {
  test("adds an evaluation, keeps the candidate's figures, and shows the difference", async () => {
    const before = await web.call.candidate.get({ id: again() });
    await expect(web.call.candidate.rerun({ id: again(), seed: 7 })).resolves.toEqual({ evaluation_id: `${again()}e2`, seed: 7, queued_already: false });
    const [job] = await sql`select priority, requested_by from job where state = 'queued'`;
    expect(job).toEqual({ priority: 100, requested_by: "person" });
    await worker.work();
    const after = await web.call.candidate.get({ id: again() });
    expect(after.accuracy).toBe(before.accuracy);
    expect(after.evaluations.map((one) => [one.id, one.seed, one.accuracy])).toEqual([[`${again()}e1`, 0, 0.1], [`${again()}e2`, 7, 0.8]]);
    expect(after.evaluations[0]?.accuracy_difference).toBeNull();
    expect(after.evaluations[1]?.accuracy_difference).toBeCloseTo(0.7, 12);
    expect(after.repeatability).toMatchObject({ n: 2, min: 0.1, max: 0.8 });
    const figures = await web.call.run.get({ id: run });
    expect(figures.cycles[0]).toMatchObject({ generated: 8, valid: 6 });
  });

  test("takes the first evaluation's seed when none is given, and a repeated seed adds nothing to the spread", async () => {
    await expect(web.call.candidate.rerun({ id: again() })).resolves.toMatchObject({ seed: 0, queued_already: false });
    await worker.work();
    expect((await web.call.candidate.get({ id: again() })).repeatability).toMatchObject({ n: 2 });
  });

  test("under another recipe is another question: it neither differs nor adds to the spread", async () => {
    await sql`insert into evaluation (candidate_id, ordinal, recipe, seed, requested_by, state, outcome, accuracy)
      select id, 9, 'other', 8, 'person', 'ended', 'ok', 0.9 from candidate where run_id = ${row()} and cycle = 0 and index = 5`;
    const { evaluations, repeatability } = await web.call.candidate.get({ id: again() });
    expect(evaluations.at(-1)).toMatchObject({ recipe: "other", accuracy: 0.9, accuracy_difference: null });
    expect(repeatability).toMatchObject({ n: 2, max: 0.8 });
    await sql`delete from evaluation where ordinal = 9`;
  });

  test("twice at once, as a double click does, queues one; confirmed, another", async () => {
    const both = await Promise.all([web.call.candidate.rerun({ id: again(), seed: 3 }), web.call.candidate.rerun({ id: again(), seed: 3 })]);
    expect(new Set(both.map((one) => one.evaluation_id)).size).toBe(1);
    expect(both.map((one) => one.queued_already).toSorted()).toEqual([false, true]);
    const another = await web.call.candidate.rerun({ id: again(), seed: 3, confirm: true });
    expect(another).toMatchObject({ queued_already: false });
    expect(another.evaluation_id).not.toBe(both[0]?.evaluation_id);
    await worker.work();
  });

  test("a waiting transfer of the same seed is not the same re-run", async () => {
    await sql`insert into evaluation (candidate_id, ordinal, recipe, seed, requested_by)
      select id, 9, 'other', 4, 'person' from candidate where run_id = ${row()} and cycle = 0 and index = 5`;
    await expect(web.call.candidate.rerun({ id: again(), seed: 4 })).resolves.toMatchObject({ queued_already: false });
    await sql`delete from evaluation where ordinal = 9`;
    await worker.work();
  });

  test("is cancelled while it waits, once, and is shown as cancelled", async () => {
    const { evaluation_id: id } = await web.call.candidate.rerun({ id: again(), seed: 5 });
    await expect(web.call.candidate.cancelEvaluation({ id })).resolves.toEqual({ evaluation_id: id, cancelling: true });
    await expect(web.call.candidate.cancelEvaluation({ id })).resolves.toEqual({ evaluation_id: id, cancelling: false });
    expect(await worker.step(["evaluate"])).toBe(false);
    const { evaluations } = await web.call.candidate.get({ id: again() });
    expect(evaluations.at(-1)).toMatchObject({ id, state: "ended", outcome: "cancelled", cancel_requested: true, accuracy: null });
    const [event] = await sql`select payload from run_event where run_id = ${row()} and type = 'evaluation_ended' order by seq desc limit 1`;
    expect(event?.["payload"]).toMatchObject({ index: 5, outcome: "cancelled", accuracy: null });
  });

  test("the loop's own evaluation is not cancelled by itself, and an unknown one is named", async () => {
    await expect(web.call.candidate.cancelEvaluation({ id: `${again()}e1` })).rejects.toMatchObject({ code: "CONFLICT", message: /cancel the run/ });
    await expect(web.call.candidate.cancelEvaluation({ id: `${again()}e99` })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(web.call.candidate.cancelEvaluation({ id: again() })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });

  test("runs before everything queued, also of a paused run", async () => {
    const other = await web.call.run.start({ preset: "quick" });
    await worker.step(["generate"]);
    await web.call.run.pause({ id: other.id });
    await web.call.candidate.rerun({ id: `${other.id}.0.003`, seed: 1 });
    expect(await worker.step()).toBe(true);
    const { evaluations } = await web.call.candidate.get({ id: `${other.id}.0.003` });
    expect(evaluations.map((one) => one.state)).toEqual(["queued", "ended"]);
    await web.call.run.cancel({ id: other.id });
  });

  test("is refused while the program is being written, or when it never was", async () => {
    const other = await web.call.run.start({ preset: "quick" });
    await worker.beginBatch();
    const candidate = { id: `${other.id}.0.000` };
    await expect(web.call.candidate.rerun(candidate)).rejects.toMatchObject({ code: "CONFLICT", message: /still being written/ });
    await sql`update candidate set state = 'ended', outcome = 'cancelled' where run_id = ${Number(other.id.slice(1))}`;
    await expect(web.call.candidate.rerun(candidate)).rejects.toMatchObject({ code: "CONFLICT", message: /never finished/ });
    await expect(web.call.candidate.rerun({ id: "R999.0.000" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

const row = () => Number(run.slice(1));
const details = (index: number) => web.call.candidate.get({ id: `${run}.1.00${index}` });

describe("a copy", () => {
  test("says which comparison found it, beside the nearest neighbour and the structural twin", async () => {
    await sql`update candidate set jaccard = 0.9, novel = false where run_id = ${row()} and cycle = 1 and index in (4, 6)`;
    await sql`update candidate set twin_candidate_id = (select id from candidate where run_id = ${row()} and cycle = 0 and index = 3), novel = false
      where run_id = ${row()} and cycle = 1 and index in (5, 6)`;
    expect(await details(3)).toMatchObject({ novel: true, refused_by: null, twin: null, novelty_tests: "text_and_structure" });
    expect(await details(4)).toMatchObject({ refused_by: "text", twin: null });
    expect(await details(5)).toMatchObject({ refused_by: "structure", jaccard: 0.5, twin: { kind: "candidate", id: `${run}.0.003`, name: null } });
    expect(await details(6)).toMatchObject({ refused_by: "text_and_structure" });
    await sql`update run set config = jsonb_set(config, '{novelty,tests}', '"text"') where id = ${row()}`;
    expect(await details(6)).toMatchObject({ refused_by: "text", twin: { id: `${run}.0.003` } });
    await sql`update run set config = jsonb_set(config, '{novelty,tests}', '"text_and_structure"') where id = ${row()}`;
  });

  test("of an entry of the corpus names it as its source does", async () => {
    await sql`insert into corpus (version, description, entries, sha256) values ('lemur', '', 1, '')`;
    await sql`insert into corpus_entry (corpus_version, position, code, name, accuracy) values ('lemur', 7, 'x = 1', 'ResNet', 0.6)`;
    await sql`update candidate set twin_corpus_entry_id = (select max(id) from corpus_entry), neighbour_corpus_entry_id = (select max(id) from corpus_entry),
      neighbour_candidate_id = null, novel = false where run_id = ${row()} and cycle = 1 and index = 7`;
    expect(await details(7)).toMatchObject({
      neighbour: { kind: "corpus", id: "lemur #7", name: "ResNet", accuracy: 0.6 },
      twin: { kind: "corpus", id: "lemur #7", name: "ResNet" },
      refused_by: "structure",
    });
  });
});

test("a program says who wrote it, from which template, and the answer around its code", async () => {
  const id = `${run}.0.002`;
  expect(await web.call.candidate.get({ id })).toMatchObject({ backend: "transformers", model: "starter", prompt_template: "starter@1", answer: null });
  await sql`update candidate set answer = 'Here it is: ' || code where run_id = ${Number(run.slice(1))} and cycle = 0 and index = 2`;
  expect((await web.call.candidate.get({ id })).answer).toMatch(/^Here it is: import torch/);
  await sql`update candidate set answer = code where run_id = ${Number(run.slice(1))} and cycle = 0 and index = 2`;
  expect((await web.call.candidate.get({ id })).answer).toBeNull();
});

describe("workers", () => {
  test("are listed with what waits for them and what went wrong", async () => {
    const { id: other } = await web.call.run.start({ preset: "quick" });
    await sql`update attempt set ending = 'lost', error = 'the worker stopped answering' where id = (select min(id) from attempt)`;
    const view = await web.call.worker.list();
    expect(view.workers[0]).toMatchObject({ name: "scripted", state: "running", silent: false, slots: 2, protection_level: "full", leased: 1 });
    expect(view.queue.map((queue) => queue.kind)).toEqual(jobKinds);
    expect(view.queue[0]).toMatchObject({ queued: expect.any(Number) as number, leased: 1, oldest_seconds: expect.any(Number) as number });
    expect(view.queue[3]).toEqual({ kind: "finetune", queued: 0, leased: 0, oldest_seconds: null });
    expect(view.troubled_attempts[0]).toMatchObject({ kind: "generate", subject: `${run}.0`, worker: "scripted", ending: "lost", error: "the worker stopped answering" });
    await web.call.run.cancel({ id: other });
  });
});
