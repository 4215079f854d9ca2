import { TRPCError } from "@trpc/server";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { presets, type RunConfig } from "../contract";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { type ScriptedWorker, startScriptedWorker } from "../test/scripted-worker";

const database = useTestDatabase();
const web = useCaller(database);
let worker: ScriptedWorker;
let sql: postgres.Sql;

beforeAll(async () => {
  sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  worker = await startScriptedWorker(database.url, {
    // Of 8: one does not parse, one has no class, one copies; the rest are valid, better in the second cycle.
    judge({ cycle, index, seed }) {
      if (index === 0) return { outcome: "parse_error", errorType: "SyntaxError" };
      if (index === 1) return { outcome: "build_error", errorType: "TypeError" };
      return { outcome: "ok", accuracy: (index + cycle + seed) / 10, jaccard: index === 7 ? 0.9 : 0.5 };
    },
  });
});
afterAll(async () => {
  await worker.close();
  await sql.end();
});

const quick = { preset: "quick" } as const;

async function problemOf(promise: Promise<unknown>) {
  const error: unknown = await promise.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof TRPCError)) throw new Error(`expected a refusal, got ${String(error)}`);
  const cause: unknown = error.cause;
  return { code: error.code, message: error.message, field: cause instanceof Object && "field" in cause ? cause.field : undefined };
}

async function countRuns(): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from run`;
  return row?.n ?? -1;
}

describe("starting a run", () => {
  test("stores the preset changed by its overrides, opens cycle 0 and queues its batches", async () => {
    const { id } = await web.call.run.start({
      ...quick,
      config: { generation: { temperature: 0.7 } },
      set: { seed: 9, "generation.top_k": 5 },
      name: " mine ",
    });
    const run = await web.call.run.get({ id });
    expect(run.config).toEqual({
      ...presets.quick,
      seed: 9,
      generation: { ...presets.quick.generation, temperature: 0.7, top_k: 5 },
    });
    expect(run).toMatchObject({ id, name: "mine", state: "waiting", cycle: 0, stage: "generating", last_seq: 1 });
    const jobs = await sql`select kind, args->>'first_index' as first from job where run_id = ${Number(id.slice(1))} order by id`;
    expect(jobs.map((job) => [job["kind"], job["first"]])).toEqual([["generate", "0"], ["generate", "4"]]);
    await web.call.run.cancel({ id });
  });

  test("again from another run's configuration names it as the source", async () => {
    const source = await web.call.run.start({ ...quick, set: { seed: 5 } });
    const { id } = await web.call.run.start({ source_run: source.id, set: { fine_tuning: false } });
    const run = await web.call.run.get({ id });
    expect(run).toMatchObject({ source_run: source.id, seed: 5, fine_tuning: false, name: "quick, seed 5, frozen" });
    await web.call.run.cancel({ id });
    await web.call.run.cancel({ id: source.id });
  });

  test.each([
    [{ preset: "huge" }, "preset", /no preset "huge" \(there are: starter, starter-22, quick, paper\)/],
    [{ ...quick, set: { "generation.temperature": 9 } }, "generation.temperature", /it must be at most 2\.$/],
    [{ ...quick, config: { lora: { rank: 0 } } }, "lora.rank", /it must be at least 1\.$/],
    [{ ...quick, set: { "generation.temprature": 1 } }, "generation.temprature", /it does not exist/],
    [{ ...quick, set: { "generation.temperature.x": 1 } }, "generation.temperature.x", /it does not exist/],
    [{ ...quick, config: { novelty: { treshold: 1 } } }, "novelty.treshold", /it does not exist/],
    [{ ...quick, set: { recipe: "Image Net" } }, "recipe", /a recipe's name looks like/],
    [{ ...quick, set: { model: "" } }, "model", /it must have at least 1 character\.$/],
    [{ ...quick, set: { "prompt.template": "starter" } }, "prompt.template", /look like starter@1/],
    [{ ...quick, set: { backend: "server" } }, "server_url", /needs an address/],
    [{ ...quick, set: JSON.parse('{"__proto__.polluted": true}') as object }, "__proto__.polluted", /it does not exist/],
    [{ ...quick, set: { preset: "starter" } }, "preset", /it must be quick/],
    [{ ...quick, source_run: "R1" }, "preset", /not both/],
    [{ source_run: "R999" }, "source_run", /no run R999/],
  ])("%j is refused, naming %s, and nothing is written", async (input, field, message) => {
    const before = await countRuns();
    const problem = await problemOf(web.call.run.start(input as never));
    expect(problem.field).toBe(field);
    expect(problem.message).toMatch(message);
    expect(await countRuns()).toBe(before);
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  test.each(["a\0b", "a\ud800b", "a\nb"])("and renaming one refuse the name %j, which the database or a table could not hold", async (name) => {
    const { id } = await web.call.run.start(quick);
    await web.call.run.cancel({ id });
    const before = await countRuns();
    const refusal = { code: "BAD_REQUEST", cause: { issues: [{ path: ["name"] }] } };
    await expect(web.call.run.start({ ...quick, name })).rejects.toMatchObject(refusal);
    await expect(web.call.run.rename({ id, name })).rejects.toMatchObject(refusal);
    expect(await countRuns()).toBe(before);
  });
});

describe("a finished run", () => {
  let id = "";
  beforeAll(async () => {
    ({ id } = await web.call.run.start(quick));
    await worker.work();
  });

  test("has the counts, rates and means of what happened", async () => {
    const run = await web.call.run.get({ id });
    expect(run).toMatchObject({ state: "finished", cycles_planned: 2, error: null, progress: { eta: null, waiting_for_worker: false } });
    const [first, last] = run.cycles;
    expect(first).toMatchObject({
      number: 0,
      stage: "ended",
      has_adapter: false,
      planned: 8,
      generated: 8,
      pending: 0,
      cancelled: 0,
      worker_lost: 0,
      rated: 8,
      parsed: 7,
      built: 6,
      valid: 6,
      novel: 5,
      winners: 3,
      selected: 5,
      fallback: 2,
      selection_threshold: 0.4,
      jaccard_unknown: 0,
      tokens: 80,
      prompt: "import torch",
      best: { id: `${id}.0.007`, accuracy: 0.7 },
    });
    expect(first?.valid_rate).toMatchObject({ value: 0.75, count: 6, n: 8 });
    expect(first?.accuracy_mean?.value).toBeCloseTo(0.45, 12);
    expect(first?.report_accuracy_mean).toEqual(first?.accuracy_mean);
    expect(first?.accuracy_quantiles?.p50).toBeCloseTo(0.45, 12);
    expect(first?.share_above_threshold).toMatchObject({ count: 4, n: 6 });
    expect(first?.share_above_threshold_of_rated).toMatchObject({ count: 4, n: 8 });
    expect(first?.novelty_rate).toMatchObject({ count: 5, n: 6 });
    expect(first?.outcomes).toMatchObject({ ok: 6, parse_error: 1, build_error: 1, worker_lost: 0 });
    expect(first?.jaccard_histogram.filter((bin) => bin.count > 0)).toEqual([
      { low: 0.5, high: 0.55, count: 5 },
      { low: 0.9, high: 0.95, count: 1 },
    ]);
    expect(first?.seconds.evaluate).toBeCloseTo(2, 12);
    expect(first?.fine_tuning).toMatchObject({ state: "ready", pairs: 5, steps: 2, total_steps: 2 });
    expect(last).toMatchObject({ number: 1, has_adapter: true, fine_tuning: null });
    expect(run.accuracy_mean_last?.value).toBeCloseTo(0.55, 12);
    expect(run.accuracy_mean_first).toEqual(first?.accuracy_mean);
    expect(run.best).toEqual({ id: `${id}.1.007`, accuracy: 0.8 });
  });

  test("is the same in the list, which begins with the newest", async () => {
    const runs = await web.call.run.list();
    expect(runs[0]?.id).toBe(id);
    const { config: _, cycles: __, last_seq: ___, progress: ____, notices: _____, ...summary } = await web.call.run.get({ id });
    expect(runs[0]).toEqual(summary);
  });

  test("is exported whole", async () => {
    const exported = await web.call.run.export({ id });
    expect(exported.candidates).toHaveLength(16);
    expect(exported.run.config).toEqual(presets.quick);
    expect(exported.candidates[9]).toMatchObject({
      id: `${id}.1.001`,
      outcome: "build_error",
      code: expect.stringContaining("1-1") as string,
      error: { type: "TypeError", message: "it said so", line: 3 },
      failure_peers: 1,
      previous_id: `${id}.1.000`,
      next_id: `${id}.1.002`,
    });
    expect(exported.candidates[3]).toMatchObject({ evaluations: [{ id: `${id}.0.003e1` }], neighbour: { id: `${id}.0.002`, basis: "body" } });
  });

  test("is neither paused, resumed nor cancelled", async () => {
    for (const verb of ["pause", "resume", "cancel"] as const) {
      expect(await problemOf(web.call.run[verb]({ id }))).toMatchObject({ code: "CONFLICT", field: "id" });
    }
  });

  test("goes on with added cycles, from its last adapter and pool", async () => {
    await expect(web.call.run.addCycles({ id, cycles: 1 })).resolves.toEqual({ id, cycles_planned: 3 });
    expect(await web.call.run.get({ id })).toMatchObject({ state: "running", stage: "finetuning", ended_at: null });
    await worker.work();
    const run = await web.call.run.get({ id });
    expect(run).toMatchObject({ state: "finished", cycles_planned: 3 });
    expect(run.cycles.map((cycle) => cycle.fine_tuning?.pairs ?? null)).toEqual([5, 10, null]);
  });

  test("takes cycles only up to the limit", async () => {
    expect(await problemOf(web.call.run.addCycles({ id, cycles: 199 }))).toMatchObject({ code: "BAD_REQUEST", field: "cycles" });
  });

  test("is renamed, and deleted with everything of it", async () => {
    await web.call.run.rename({ id, name: "kept name" });
    expect((await web.call.run.get({ id })).name).toBe("kept name");
    await web.call.run.delete({ id });
    expect(await problemOf(web.call.run.get({ id }))).toMatchObject({ code: "NOT_FOUND" });
    const [left] = await sql`select (select count(*) from candidate where run_id = ${Number(id.slice(1))})::int as n`;
    expect(left?.["n"]).toBe(0);
  });
});

describe("a run under way", () => {
  test("pauses, resumes and cancels; what is not judged leaves the denominator", async () => {
    const { id } = await web.call.run.start(quick);
    await worker.step(["generate"]);
    for (let done = 0; done < 3; done += 1) await worker.step(["evaluate"]);
    const running = await web.call.run.get({ id });
    expect(running.cycles[0]).toMatchObject({ generated: 4, pending: 1, rated: 3, valid: 1 });
    expect(running.cycles[0]?.valid_rate).toMatchObject({ count: 1, n: 3 });
    expect(running.progress).toMatchObject({ planned: 8, written: 4, evaluated: 3, waiting_for_worker: false });
    expect(running.progress.eta?.seconds_high).toBeGreaterThan(0);

    await expect(web.call.run.pause({ id })).resolves.toEqual({ id, state: "paused" });
    expect(await worker.step()).toBe(false);
    expect((await web.call.run.get({ id })).progress.eta).toBeNull();
    await expect(web.call.run.resume({ id })).resolves.toEqual({ id, state: "running" });
    expect(await problemOf(web.call.run.delete({ id }))).toMatchObject({ code: "CONFLICT" });
    expect(await problemOf(web.call.run.addCycles({ id, cycles: 1 }))).toMatchObject({ code: "CONFLICT" });

    await expect(web.call.run.cancel({ id })).resolves.toEqual({ id, state: "cancelled" });
    const cancelled = await web.call.run.get({ id });
    expect(cancelled.cycles[0]).toMatchObject({ generated: 4, pending: 0, cancelled: 1, rated: 3 });
    expect(await worker.step()).toBe(false);
  });

  test("that is pausing stays pausing until its work is given back", async () => {
    const { id } = await web.call.run.start(quick);
    const batch = await worker.beginBatch();
    await expect(web.call.run.pause({ id })).resolves.toEqual({ id, state: "pausing" });
    await batch.finish();
    expect((await web.call.run.get({ id })).state).toBe("paused");
    await web.call.run.cancel({ id });
  });

  test("without anything judged has no rates and no means, rather than zeros", async () => {
    const { id } = await web.call.run.start(quick);
    const run = await web.call.run.get({ id });
    expect(run).toMatchObject({ valid_rate: null, accuracy_mean_first: null, accuracy_mean_last: null, best: null });
    expect(run.cycles[0]).toMatchObject({ valid_rate: null, accuracy_mean: null, accuracy_quantiles: null, share_above_threshold: null, novelty_rate: null });
    await web.call.run.cancel({ id });
  });

  test("says that it waits for a worker", async () => {
    const { id } = await web.call.run.start(quick);
    await sql`update worker set heartbeat_at = now() - interval '1 minute'`;
    expect((await web.call.run.get({ id })).progress).toMatchObject({ waiting_for_worker: true, eta: null });
    expect(await web.call.system.info()).toMatchObject({ has_workers: false });
    await sql`update worker set heartbeat_at = now()`;
    expect((await web.call.run.get({ id })).progress.waiting_for_worker).toBe(false);
    expect(await web.call.system.info()).toMatchObject({ has_workers: true });
    await web.call.run.cancel({ id });
  });
});

describe("the start form", () => {
  test("has every field of the configuration, explained and bounded", async () => {
    const { fields, presets: offered } = await web.call.run.presets();
    const leaves = (tree: object, path = ""): string[] =>
      Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
        value instanceof Object && !Array.isArray(value) ? leaves(value, `${path}${key}.`) : [path + key],
      );
    expect(fields.map((field) => field.path)).toEqual(leaves(presets.starter));
    expect(fields.filter((field) => field.description === "")).toEqual([]);
    const numbers = fields.filter((field) => field.type === "integer" || field.type === "number");
    expect(numbers.filter((field) => field.min === null || field.max === null)).toEqual([]);
    expect(fields.find((field) => field.path === "generation.top_p")).toMatchObject({ type: "number", min: 0, min_exclusive: true, max: 1, max_exclusive: false });
    expect(fields.find((field) => field.path === "lora.target_modules")).toMatchObject({ type: "list", options: null });
    expect(offered.map((preset) => preset.name)).toEqual(["starter", "starter-22", "quick", "paper"]);
  });

  test("estimates from the work that this machine's cycles took, not from the clock, and grows with the run", async () => {
    const { id } = await web.call.run.start({ ...quick, set: { cycles: 3 } });
    await worker.work();
    // Cycles during which the run stood paused, or another one was served.
    await sql`update cycle set created_at = ended_at - interval '1 day' where run_id = ${Number(id.slice(1))}`;
    const measured = await web.call.run.estimate({ config: presets.quick });
    expect(measured?.basis).toMatch(/^measured on this machine, \d+ cycles$/);
    // Of each cycle: 0.2 s of writing, 8 evaluations of 0.25 s on two slots, 0.5 s of selection; 16 steps of 0.75 s.
    expect(measured?.seconds_low).toBeCloseTo(2 * 1.5 + 12, 6);
    expect(measured?.seconds_high).toBeCloseTo(2 * 1.7 + 12, 6);
    const seconds = async (change: Partial<RunConfig>) => (await web.call.run.estimate({ config: { ...presets.quick, ...change } }))?.seconds_high ?? -1;
    expect(await seconds({ cycles: 4 })).toBeGreaterThan(2 * (measured?.seconds_high ?? Infinity));
    expect(await seconds({ fine_tuning: false })).toBeCloseTo(3.4, 6);
    const { lora, loop } = presets.quick;
    expect(await seconds({ lora: { ...lora, epochs: 5, batch_size: 1, gradient_accumulation: 8 } }), "5 passes over 8 pairs").toBeCloseTo(3.4 + 5 * 0.75, 6);
    await sql`insert into corpus (version, description, entries, sha256) values ('five', '', 5, '')`;
    await sql`insert into corpus_entry (corpus_version, position, code) select 'five', n, '' from generate_series(1, 5) n`;
    const replayed = { corpus_version: "five", lora: { ...lora, epochs: 1, batch_size: 1 }, loop: { ...loop, replay_share: 1 } };
    expect(await seconds(replayed), "one pass over 8 selected and all 5 of the corpus").toBeCloseTo(3.4 + 13 * 0.75, 6);
    await web.call.run.delete({ id });
  });

  test("has no estimate for what nobody has measured", async () => {
    expect(await web.call.run.estimate({ config: presets.paper })).toBeNull();
  });
});

describe("a run that ended before its cycles", () => {
  test("says why, after how many, and what it had to say on the way", async () => {
    const { id } = await web.call.run.start({ ...quick, set: { cycles: 3, fine_tuning: false } });
    await worker.work();
    const run = Number(id.slice(1));
    await sql`update run set config = jsonb_set(config, '{cycles}', '5'), stop_reason = 'collapse' where id = ${run}`;
    await sql`select append_event(${run}, 'notice', '{"message": "Collapse: valid rate below cycle 0."}')`;
    const detail = await web.call.run.get({ id });
    expect(detail).toMatchObject({ cycles_planned: 3, stopped: { reason: "collapse", cycles_asked: 5 } });
    expect(detail.notices).toMatchObject([{ message: "Collapse: valid rate below cycle 0.", at: expect.any(String) as string }]);
    await web.call.run.delete({ id });
  });
});
