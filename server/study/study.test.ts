import { TRPCError } from "@trpc/server";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { presets } from "../contract";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { type ScriptedWorker, startScriptedWorker } from "../test/scripted-worker";
import type { StudyComparison } from "./views";

const database = useTestDatabase();
const web = useCaller(database);
let worker: ScriptedWorker;
let sql: postgres.Sql;

beforeAll(async () => {
  sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  worker = await startScriptedWorker(database.url, {
    // Of 8 two are invalid; the arm with evaluation seed 1 is 30 points better.
    judge: ({ index, seed }) => (index < 2 ? { outcome: "parse_error" } : { outcome: "ok", accuracy: 0.2 + index / 50 + 0.3 * seed }),
  });
});
afterAll(async () => {
  await worker.close();
  await sql.end();
});

const twoArms = { name: "two arms", preset: "quick", arms: [{ name: "reference" }, { name: "better", set: { evaluation_seed: 1, "loop.replay_share": 0 } }], seeds: [0, 3] };

async function problemOf(promise: Promise<unknown>) {
  const error: unknown = await promise.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof TRPCError)) throw new Error(`expected a refusal, got ${String(error)}`);
  const { cause } = error;
  return {
    code: error.code,
    message: error.message,
    field: cause !== undefined && "field" in cause ? cause.field : cause !== undefined && "issues" in cause ? (cause.issues as { path: unknown[] }[])[0]?.path.join(".") : undefined,
  };
}

const arms = (...sets: Record<string, unknown>[]) => sets.map((set, at) => ({ name: `arm ${at}`, set }));

const stepRun = async (run: string) => {
  while ((await web.call.run.get({ id: run })).state !== "finished") await worker.step();
};

const count = async (table: "run" | "study" | "study_arm") =>
  (await sql<{ n: number }[]>`select count(*)::int as n from ${sql(table)}`)[0]?.n;

describe("starting a study", () => {
  test("creates every run at once, seed by seed and within a seed arm by arm, tied to its arm", async () => {
    const { id, runs } = await web.call.study.start({ ...twoArms, set: { "generation.temperature": 0.7 } });
    const rows = await sql`select 'R' || id as id, name, study_arm, config, state from run where study_id = ${Number(id.slice(1))} order by id`;
    expect(rows.map((row) => row["id"] as string)).toEqual(runs);
    expect(rows.map((row) => row["name"] as string)).toEqual(["reference, seed 0", "better, seed 0", "reference, seed 3", "better, seed 3"]);
    expect(rows.map((row) => row["study_arm"] as number)).toEqual([0, 1, 0, 1]);
    expect(rows[3]?.["config"]).toEqual({ ...presets.quick, seed: 3, evaluation_seed: 1, generation: { ...presets.quick.generation, temperature: 0.7 } });
    const study = await web.call.study.get({ id });
    expect(study).toMatchObject({
      id,
      name: "two arms",
      arm_names: ["reference", "better"],
      seeds: [0, 3],
      state: "waiting",
      desired: "run",
      runs: 4,
      states: { waiting: 4 },
      programs_planned: 64,
      programs_judged: 0,
      waiting_for_worker: false,
      base: { preset: "quick", cycles: 2, candidates_per_cycle: 8 },
      arms: [{ changes: {} }, { changes: { evaluation_seed: 1 }, runs: [{ seed: 0 }, { seed: 3 }] }],
    });
    expect(study.eta?.seconds_high).toBeGreaterThan(0);
    expect(await web.call.run.get({ id: runs[1] ?? "" })).toMatchObject({ study: { id, arm: "better" } });
    await web.call.study.cancel({ id });
    await web.call.study.delete({ id, runs: "delete" });
  });

  test.each([
    [{ arms: arms({}, { "generation.temprature": 1 }) }, "arms.1.set.generation.temprature", "Arm arm 1: generation.temprature: it does not exist."],
    [{ arms: arms({}, { "generation.temperature": 9 }) }, "arms.1.set.generation.temperature", "Arm arm 1: generation.temperature: it must be at most 2."],
    [{ arms: arms({ seed: 3 }) }, "arms.0.set.seed", /Arm arm 0: seed: every arm is run with the seeds of the study/],
    [{ arms: arms({}, { backend: "grammar" }) }, "arms.1.set.model", /Arm arm 1: model: The backend grammar has no model/],
    [{ arms: arms({ preset: "starter" }) }, "arms.0.set.preset", /it must be quick/],
    [{ arms: arms(JSON.parse('{"__proto__.polluted": true}') as object as Record<string, unknown>) }, "arms.0.set.__proto__.polluted", /it does not exist/],
    [{ set: { seed: 1 } }, "seed", /seeds of the study/],
    [{ set: { "lora.rank": 0 } }, "lora.rank", /at least 1/],
    [{ arms: [{ name: "one" }, { name: "two" }, { name: " one " }] }, "arms.2.name", /an earlier arm has this name/],
    [{ arms: [] }, "arms", /./],
    [{ arms: Array.from({ length: 13 }, (_, at) => ({ name: `arm ${at}` })) }, "arms", /./],
    [{ seeds: [] }, "seeds", /./],
    [{ seeds: [1, 2, 1] }, "seeds", /each seed may be there once/],
    [{ seeds: [-1] }, "seeds.0", /./],
    [{ set: { cycles: 200, candidates_per_cycle: 1000 } }, "seeds", "seeds: a study has at most 200,000 programs, and this one would have 800,000."],
    [{ preset: "huge" }, "preset", /no preset "huge"/],
    [{ source_run: "R1" }, "preset", /not both/],
    [{ preset: undefined, source_run: "R999" }, "source_run", /no run R999/],
    [{ name: "a\0b" }, "name", /./],
  ])("%j is refused, naming %s, and nothing is written", async (change, field, message) => {
    const before = await Promise.all([count("run"), count("study"), count("study_arm")]);
    const problem = await problemOf(web.call.study.start({ ...twoArms, ...change } as never));
    expect(problem.field).toBe(field);
    expect(problem.message).toMatch(message);
    expect(await Promise.all([count("run"), count("study"), count("study_arm")])).toEqual(before);
  });

  test("may compare a run with itself changed, in as many arms as are allowed", async () => {
    const source = await web.call.run.start({ preset: "quick", set: { cycles: 1, candidates_per_cycle: 1 } });
    const twelve = Array.from({ length: 12 }, (_, at) => ({ name: `arm ${at}`, set: { "generation.temperature": 0.5 + at / 10 } }));
    const seeds = [0, 1, 2_147_483_647];
    const { id, runs } = await web.call.study.start({ name: "large", source_run: source.id, arms: twelve, seeds });
    expect(runs).toHaveLength(36);
    expect(await web.call.run.get({ id: runs[35] ?? "" })).toMatchObject({ source_run: source.id, seed: 2_147_483_647, name: "arm 11, seed 2147483647" });
    expect(await web.call.study.cancel({ id })).toEqual({ id, runs: 36, left_alone: 0 });
    await web.call.study.delete({ id, runs: "delete" });
    await web.call.run.cancel({ id: source.id });
  });
});

describe("a study", () => {
  let id = "";
  let runs: string[] = [];
  beforeAll(async () => {
    ({ id, runs } = await web.call.study.start(twoArms));
  });

  test("is served in the order of its runs, so that what has ended can be compared", async () => {
    await stepRun(runs[0] ?? "");
    await stepRun(runs[1] ?? "");
    const study = await web.call.study.get({ id });
    expect(study).toMatchObject({ state: "running", states: { finished: 2, waiting: 2 }, programs_judged: 32 });
    const comparison = await web.call.study.compare({ id });
    expect(comparison.notes).toEqual([
      `reference: 1 of 2 seeds finished; ${runs[2]} (seed 3) not begun.`,
      `better: 1 of 2 seeds finished; ${runs[3]} (seed 3) not begun.`,
      "Compared is one seed only. The intervals are over candidates and say nothing of what another seed would give.",
    ]);
    expect(comparison.differences[0]).toMatchObject({ figure: "valid_rate", seeds: 1, cases: 8, verdict: "too_few" });
  });

  test("is paused and resumed with all runs that have not ended", async () => {
    expect(await web.call.study.pause({ id })).toEqual({ id, runs: 2, left_alone: 2 });
    expect(await worker.step()).toBe(false);
    expect(await web.call.study.get({ id })).toMatchObject({ state: "paused", desired: "pause", eta: null, states: { finished: 2, paused: 2 } });
    expect(await web.call.study.resume({ id })).toEqual({ id, runs: 2, left_alone: 2 });
    expect(await problemOf(web.call.study.delete({ id, runs: "keep" }))).toMatchObject({ code: "CONFLICT", message: `${runs[2]} of ${id} is waiting: cancel the study before deleting it.` });
  });

  test("pools seeds in every cycle and says what differs when all have finished", async () => {
    await worker.work();
    expect(await web.call.study.get({ id })).toMatchObject({ state: "finished", desired: null, states: { finished: 4 }, programs_planned: 64, programs_judged: 64 });
    const comparison = await web.call.study.compare({ id });
    expect(comparison).toMatchObject({ span: "last_cycle", compared: { first: 1, last: 1 }, corrected: false, notes: [] });
    expect(comparison.arms).toMatchObject([
      { name: "reference", runs: 2, finished: 2, cycles: [{ cycle: 0, seeds: 2, valid_rate: { count: 12, n: 16 }, accuracy_mean: { n: 12 } }, { cycle: 1 }] },
      { name: "better", cycles: [{}, { share_above_threshold: { count: 12, n: 12 }, share_above_threshold_of_rated: { count: 12, n: 16 }, novelty_rate: { count: 12, n: 12 }, winners: 12 }] },
    ]);
    expect(comparison.differences.map(({ figure, verdict, seeds }) => [figure, verdict, seeds])).toEqual([
      ["valid_rate", "inside_noise", 2],
      ["accuracy_mean", "differs", 2],
      ["share_above_threshold", "differs", 2],
      ["novelty_rate", "inside_noise", 2],
      ["winners", "differs", 2],
    ]);
    expect(comparison.differences[1]?.difference?.value).toBeCloseTo(0.3, 12);
    expect(comparison.conclusion).toEqual([
      {
        arm: 1,
        sentence:
          "In cycle 1, better differs from reference in mean accuracy (+30.0 points), share above 40 % (+100.0 points) and winners per run (+6.0), over 2 seeds; inside noise: valid rate and novelty.",
      },
    ]);
  });

  test("is exported for people, spreadsheets and programs, with the same figures", async () => {
    const { text, file } = await web.call.study.export({ id, format: "markdown" });
    expect(file).toBe(`${id}.md`);
    expect(text).toContain("| better | mean accuracy | 29.0 | 59.0 | +30.0 points (");
    expect(text).toContain("| 12, 12 | differs |");
    const csv = (await web.call.study.export({ id, format: "csv" })).text.trimEnd().split("\r\n");
    expect(csv).toHaveLength(5);
    expect(csv[4]).toMatch(new RegExp(`^${id},better,1,2,0\\.75,`));
    const exported = JSON.parse((await web.call.study.export({ id, format: "json", span: "after_first" })).text) as { comparison: StudyComparison };
    expect(exported.comparison).toEqual(await web.call.study.compare({ id, span: "after_first" }));
  });

  test("is listed and renamed", async () => {
    await web.call.study.rename({ id, name: "renamed" });
    const { arms: _, base: __, ...summary } = await web.call.study.get({ id });
    expect((await web.call.study.list())[0]).toEqual(summary);
    expect(summary.name).toBe("renamed");
  });

  test("a run that is cancelled or deleted is left out, and that is said", async () => {
    const other = await web.call.study.start(twoArms);
    await worker.step(["generate"]);
    await web.call.run.cancel({ id: other.runs[3] ?? "" });
    await worker.work();
    await web.call.run.delete({ id: other.runs[0] ?? "" });
    const comparison = await web.call.study.compare({ id: other.id });
    expect(comparison.notes).toEqual([`better: 1 of 2 seeds finished; ${other.runs[3]} (seed 3) cancelled.`]);
    expect(comparison.conclusion).toEqual([{ arm: null, sentence: "No seed has finished in both reference and another arm yet." }]);
    expect(comparison.compared).toBeNull();
    expect(comparison.arms.map(({ runs: all, finished, cycles }) => [all, finished, cycles[0]?.seeds])).toEqual([[1, 1, 1], [2, 1, 1]]);
    expect(await web.call.study.get({ id: other.id })).toMatchObject({ state: "finished", states: { finished: 2, cancelled: 1 } });
    expect(await problemOf(web.call.study.pause({ id: other.id }))).toMatchObject({ code: "CONFLICT" });
    await web.call.study.delete({ id: other.id, runs: "delete" });
    expect(await problemOf(web.call.run.get({ id: other.runs[1] ?? "" }))).toMatchObject({ code: "NOT_FOUND" });
  });

  test("is deleted with its runs or without them; they are then runs of their own", async () => {
    expect(await web.call.study.delete({ id, runs: "keep" })).toEqual({ id, runs: 4 });
    expect(await web.call.run.get({ id: runs[0] ?? "" })).toMatchObject({ study: null, state: "finished" });
    for (const verb of ["get", "compare", "pause"] as const) {
      expect(await problemOf(web.call.study[verb]({ id }))).toMatchObject({ code: "NOT_FOUND", field: "id", message: `There is no study ${id}.` });
    }
  });
});

test("a run that collapsed stands with its own last cycle; one that went on is compared up to the others' last", async () => {
  const { id, runs } = await web.call.study.start({ ...twoArms, set: { cycles: 3 } });
  await worker.work();
  const [, second = "", third = ""] = runs;
  await web.call.run.addCycles({ id: third, cycles: 1 });
  await worker.work();
  await sql`delete from cycle where run_id = ${Number(second.slice(1))} and number = 2`;
  await sql`update run set stop_reason = 'collapse', cycles = 2 where id = ${Number(second.slice(1))}`;
  const comparison = await web.call.study.compare({ id });
  expect(comparison.compared).toEqual({ first: 2, last: 2 });
  expect(comparison.notes).toEqual([
    `reference: ${third} (seed 3) went on to cycle 3; compared is up to cycle 2, the last that all have.`,
    `better: ${second} (seed 0) ended after cycle 1 because of a collapse; that cycle stands for its last.`,
  ]);
  expect(comparison.differences[0]).toMatchObject({ seeds: 2, cases: 16 });
  expect((await web.call.study.compare({ id, span: "after_first" })).differences[0]).toMatchObject({ reference_cases: 32, cases: 24 });
});

test("more than ten comparisons are corrected, and that is said", async () => {
  const four = ["a", "b", "c", "d"].map((name) => ({ name }));
  const { id } = await web.call.study.start({ ...twoArms, arms: four, set: { cycles: 1 } });
  await worker.work();
  const comparison = await web.call.study.compare({ id });
  expect(comparison.corrected).toBe(true);
  expect(comparison.notes).toEqual(["15 comparisons, more than 10: some intervals would exclude 0 by chance, so Holm's method decides which differ."]);
  expect(comparison.differences.every(({ verdict }) => verdict === "inside_noise")).toBe(true);
  expect(comparison.conclusion.map(({ sentence }) => sentence)).toEqual(["b", "c", "d"].map((name) => `In cycle 0, ${name} is inside noise in every figure, over 2 seeds.`));
});
