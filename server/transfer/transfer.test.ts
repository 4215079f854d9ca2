import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";

import { pairedShift, rankCorrelation } from "../contract/statistics";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { type ScriptedWorker, startScriptedWorker } from "../test/scripted-worker";

/** As a worker registers a recipe whose data it does not have. */
const svhn = {
  name: "svhn",
  description: "",
  in_shape: [3, 32, 32],
  classes: 10,
  batch_size: 64,
  parameters_limit: null,
  multiply_adds_limit: null,
  typical_seconds: 60,
  dataset: "svhn",
  dataset_state: "missing",
  dataset_detail: null,
};

const database = useTestDatabase();
const web = useCaller(database);
let worker: ScriptedWorker;
let sql: postgres.Sql;
let run = "";

beforeAll(async () => {
  sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  worker = await startScriptedWorker(database.url, { judge: ({ index }) => ({ outcome: "ok", accuracy: (index + 1) / 10 }) });
  ({ id: run } = await web.call.run.start({ preset: "quick", set: { cycles: 1 } }));
  await worker.work();
  // Which of the scripted programs win is not this file's matter.
  await sql`update candidate set selection_reason = case when index in (2, 4, 6) then 'winner' end`;
});
afterAll(async () => {
  await worker.close();
  await sql.end();
});

test("a run's own recipe and one without data are refused by name", async () => {
  await expect(web.call.transfer.start({ run, recipe: "digits" })).rejects.toThrow("recipe: R1 was evaluated under digits");
  await sql`update worker set recipes = ${sql.json([svhn])}`;
  await expect(web.call.transfer.start({ run, recipe: "svhn" })).rejects.toThrow("The data of svhn");
  await sql`update worker set recipes = '[]'`;
});

test("each winner is evaluated once under another recipe, the best first, behind all other work", async () => {
  expect(await web.call.transfer.start({ run, recipe: "cifar10", limit: 2 })).toEqual({ run, queued: 2 });
  expect(await web.call.transfer.start({ run, recipe: "cifar10" })).toEqual({ run, queued: 1 });
  expect(await web.call.transfer.start({ run, recipe: "cifar10" })).toEqual({ run, queued: 0 });
  const queued = await sql`select c.index, job.priority from job join evaluation e on e.id = job.evaluation_id
    join candidate c on c.id = e.candidate_id where job.state = 'queued' order by job.id`;
  expect(queued.map((row) => [row["index"], row["priority"]])).toEqual([[6, -1], [4, -1], [2, -1]]);
  const before = await web.call.transfer.get({ run });
  expect(before).toMatchObject({ winners: 3, transfers: [{ recipe: "cifar10", waiting: 3, valid: 0, shift: null }] });
});

test("cancelling stops what waits, keeps nothing of it on the chart, and it can be asked for again", async () => {
  expect(await web.call.transfer.cancel({ run, recipe: "cifar10" })).toEqual({ run, cancelled: 3 });
  expect(await web.call.transfer.cancel({ run, recipe: "cifar10" })).toEqual({ run, cancelled: 0 });
  expect(await web.call.transfer.cancel({ run, recipe: "digits" })).toEqual({ run, cancelled: 0 });
  expect(await worker.step(["evaluate"])).toBe(false);
  expect((await web.call.transfer.get({ run })).transfers).toEqual([]);
  expect(await web.call.transfer.start({ run, recipe: "cifar10" })).toEqual({ run, queued: 3 });
});

test("the shift pairs each winner with itself, on the split nothing was chosen on", async () => {
  await worker.work();
  await sql`update evaluation set report_accuracy = report_accuracy - 0.1 where recipe = 'cifar10'`;
  const [transfer] = (await web.call.transfer.get({ run })).transfers;
  expect(transfer).toMatchObject({ recipe: "cifar10", waiting: 0, valid: 3, failed: 0 });
  expect(transfer?.shift?.value).toBeCloseTo(-0.1, 12);
  expect(transfer?.shift?.n).toBe(3);
  expect(transfer?.rank_correlation).toBeCloseTo(1, 12);
  const cycle = (await web.call.run.get({ id: run })).cycles[0];
  expect(cycle?.valid).toBe(8);
});

test("ranks share ties, and what does not vary has no correlation", () => {
  const pairs = [1, 2, 2, 4].map((before, place) => ({ before, after: [10, 30, 20, 40][place] ?? 0 }));
  // Ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4: 1 - 6 * 0.5 / (4 * 15) would ignore the tie.
  expect(rankCorrelation(pairs)).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  expect(rankCorrelation(pairs.map(({ after }) => ({ before: 1, after })))).toBeNull();
  expect(rankCorrelation(pairs.slice(0, 2))).toBeNull();
  expect(pairedShift([])).toBeNull();
});
