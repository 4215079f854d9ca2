import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { connect } from "../db/client";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { type ScriptedWorker, startScriptedWorker } from "../test/scripted-worker";
import { openTask } from "./open";
import { toPace } from "./seconds-left";

const database = useTestDatabase();
const web = useCaller(database);
let worker: ScriptedWorker;
let sql: postgres.Sql;

beforeAll(async () => {
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await worker.close();
  await sql.end();
});

const fetchDigits = () => openTask(web.context.db, "fetch_data", { dataset: "digits" });

test("a task waits while there is no worker, and says so", async () => {
  const { id } = await fetchDigits();
  expect(await web.call.task.get({ id })).toEqual({
    id,
    kind: "fetch_data",
    state: "queued",
    cancelling: false,
    waiting_for_worker: true,
    progress: null,
    result: null,
    error: null,
    created_at: expect.any(String) as string,
    started_at: null,
    ended_at: null,
  });
  worker = await startScriptedWorker(database.url);
  expect(await web.call.task.get({ id })).toMatchObject({ waiting_for_worker: false });
});

test("a task shows its progress, then its result", async () => {
  const running = await worker.beginTask();
  const get = () => web.call.task.get({ id: `T${running.id}` });
  expect(running.args).toEqual({ dataset: "digits" });
  expect(await get()).toMatchObject({ state: "running", progress: null, started_at: expect.any(String) as string });
  await running.report(9, 100, "networks", "checking");
  expect((await get()).progress).toEqual({ done: 9, total: 100, unit: "networks", note: "checking", per_second: null, seconds_left: null });
  await sql`update attempt set started_at = now() - interval '25 seconds'`;
  await running.report(25, 100, "networks");
  const { progress } = await get();
  expect(progress?.per_second).toBeCloseTo(1, 1);
  expect(progress?.seconds_left?.low).toBeGreaterThan(40);
  expect(progress?.seconds_left?.high).toBeLessThan(110);
  await running.finish({ dataset: "digits", bytes: 5 });
  expect(await get()).toMatchObject({ state: "done", result: { dataset: "digits", bytes: 5 }, progress: { done: 25, per_second: null, seconds_left: null }, error: null });
});

test("a task that failed says why, and is not tried again", async () => {
  const { id } = await fetchDigits();
  await (await worker.beginTask()).fail("There is no data set digits.");
  expect(await web.call.task.get({ id })).toMatchObject({ state: "failed", error: "There is no data set digits.", result: null });
  await expect(worker.beginTask()).rejects.toThrow("no task");
});

describe("cancelling", () => {
  test("ends a queued task at once", async () => {
    const { id } = await fetchDigits();
    expect(await web.call.task.cancel({ id })).toMatchObject({ state: "cancelled", cancelling: false, error: null });
    await expect(worker.beginTask()).rejects.toThrow("no task");
  });

  test("asks a running task to end, once however often it is asked", async () => {
    const { id } = await fetchDigits();
    const running = await worker.beginTask();
    expect(await running.isCancelled()).toBe(false);
    await web.call.task.cancel({ id });
    expect(await web.call.task.cancel({ id })).toMatchObject({ state: "running", cancelling: true });
    expect(await running.isCancelled()).toBe(true);
    await running.fail(null);
    expect(await web.call.task.get({ id })).toMatchObject({ state: "cancelled", cancelling: false });
  });

  test("comes too late for a task that is done", async () => {
    const { id } = await fetchDigits();
    await (await worker.beginTask()).finish({ dataset: "digits", bytes: 1 });
    expect(await web.call.task.cancel({ id })).toMatchObject({ state: "done", cancelling: false });
  });
});

test("the newest twenty are listed, of the kinds asked for", async () => {
  for (let n = 0; n < 20; n += 1) await fetchDigits();
  const { id } = await openTask(web.context.db, "check_corpus", { source: { type: "nn_dataset" }, recipe: "digits", base_version: null });
  const all = await web.call.task.list();
  expect(all).toHaveLength(20);
  expect(all[0]).toMatchObject({ id, kind: "check_corpus" });
  expect((await web.call.task.list({ kinds: ["check_corpus", "import_corpus"] })).map((task) => task.id)).toEqual([id]);
  await expect(web.call.task.get({ id: "T999" })).rejects.toMatchObject({ code: "NOT_FOUND", message: "There is no task T999." });
  await expect(web.call.task.cancel({ id: "T999" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(web.call.task.get({ id: "5" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
});

test("arguments that break the contract are not queued", async () => {
  const other = connect(database.url);
  const before = await web.call.task.list();
  await expect(openTask(other.db, "fetch_data", { dataset: "" })).rejects.toThrow("dataset");
  expect(await web.call.task.list()).toEqual(before);
  await other.close();
});

describe("the time left", () => {
  test.each([
    [9, 100, 9, null],
    [10, null, 10, null],
    [10, 10, 10, null],
    [25, 50, 25, { low: 15.2, high: 34.8 }],
    [10_000, 20_000, 100, { low: 90, high: 110 }],
  ])("after %d of %j units in %d s is %j", (done, total, seconds, expected) => {
    const left = toPace(done, total, seconds).seconds_left;
    expect(left === null ? null : { low: Number(left.low.toFixed(1)), high: Number(left.high.toFixed(1)) }).toEqual(expected);
  });
});
