/** What SQL decides of a cycle because a run must go on, or stop, without a web process: 0003_tasks.sql. */
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { rate, rateDifference, seededRandom } from "../contract/statistics";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { type ScriptedWorker, startScriptedWorker } from "../test/scripted-worker";

const database = useTestDatabase();
const web = useCaller(database);
let worker: ScriptedWorker;
let sql: postgres.Sql;
/** Of 16 programs, how many are valid and how many novel, cycle by cycle; the last entry goes on. */
let script: { valid: number; novel: number }[] = [];

const most = 16;

beforeAll(async () => {
  sql = postgres(database.url, { max: 4, onnotice: () => undefined });
  worker = await startScriptedWorker(database.url, {
    judge({ cycle, index }) {
      const { valid, novel } = script[Math.min(cycle, script.length - 1)] ?? { valid: most, novel: most };
      return index < valid ? { outcome: "ok", accuracy: 0.5, jaccard: index < novel ? 0.5 : 0.95 } : { outcome: "parse_error" };
    },
  });
});
afterAll(async () => {
  await worker.close();
  await sql.end();
});

const good = { valid: most, novel: most };
const invalid = { valid: 4, novel: 4 };
const copied = { valid: most, novel: 4 };

async function start(cycles: number, set: Record<string, unknown> = {}): Promise<number> {
  const { id } = await web.call.run.start({ preset: "quick", set: { cycles, candidates_per_cycle: most, "generation.batch_size": 4, ...set } });
  return Number(id.slice(1));
}

const noticesOf = async (run: number) =>
  (await sql<{ message: string }[]>`select payload->>'message' as message from run_event where run_id = ${run} and type = 'notice' order by seq`).map(
    ({ message }) => message,
  );

const getRow = async (run: number) =>
  (await sql<{ state: string; cycles: number; stop_reason: string | null }[]>`select state, cycles, stop_reason from run where id = ${run}`)[0];

const collapsed = (rates: string, cycle: number) => `Collapse: ${rates} below cycle 0 beyond chance in cycles ${cycle - 1} and ${cycle}.`;

interface Batch {
  id: string;
  lease_token: string;
  args: { batch: number; first_index: number };
}
const claim = async () => {
  const [job] = await sql<Batch[]>`select id, lease_token, args from job_claim(${worker.id}, '{generate}', 30)`;
  if (job === undefined) throw new Error("there is no batch to claim");
  return job;
};
const cut = async ({ id, lease_token: token }: Batch) => (await sql<{ cut: boolean }[]>`select cycle_cut(${id}, ${token}) as cut`)[0]?.cut;
const release = ({ id, lease_token: token }: Batch) => sql`select job_finish(${id}, ${token}, 'released')`;
const age = (run: number, minutes: number) => sql`update cycle set created_at = now() - make_interval(secs => ${60 * minutes}) where run_id = ${run}`;
const plannedOf = async (run: number) => (await sql<{ planned: number }[]>`select planned from cycle where run_id = ${run} and number = 0`)[0]?.planned;
const queueOf = (run: number) => sql`select kind, state from job where run_id = ${run} and kind <> 'evaluate' order by id`;

const startTimed = () => {
  script = [good];
  return start(1, { "loop.cycle_minutes": 10 });
};
/** Leaves nothing for the next test's worker. */
const end = (run: number) => web.call.run.cancel({ id: `R${run}` });

describe("newcombe_upper", () => {
  test("is the upper end of the interval that the screens show", async () => {
    const random = seededRandom(8);
    const cases = Array.from({ length: 400 }, (_, at) => {
      const [m, n] = [1, 2].map(() => 1 + Math.floor(random() * (at < 100 ? 6 : 400)));
      const [a, b] = [m, n].map((all) => Math.floor(random() * ((all ?? 0) + 1)));
      return { a, m, b, n };
    });
    const rows = await sql<{ a: number; m: number; b: number; n: number; upper: number }[]>`
      select a, m, b, n, newcombe_upper(a, m, b, n) as upper from jsonb_to_recordset(${sql.json(cases as never)}) as t (a int, m int, b int, n int)`;
    expect(rows).toHaveLength(400);
    for (const { a, m, b, n, upper } of rows) {
      const [first, second] = [rate(b, n), rate(a, m)];
      if (first === null || second === null) throw new Error("a case without cases");
      expect(upper).toBeCloseTo(rateDifference(first, second).high, 12);
    }
  });

  test("of no cases is nothing", async () => {
    const [row] = await sql`select newcombe_upper(0, 0, 1, 2) as left, newcombe_upper(1, 2, 0, 0) as right`;
    expect(row).toEqual({ left: null, right: null });
  });
});

describe("a collapse", () => {
  test("is said when a rate has fallen in two cycles in a row, and changes nothing else", async () => {
    script = [good, invalid, invalid, copied, copied];
    const run = await start(5);
    await worker.work();
    expect(await noticesOf(run)).toEqual([collapsed("valid rate", 2), collapsed("novelty", 4)]);
    expect(await getRow(run)).toEqual({ state: "finished", cycles: 5, stop_reason: null });
  });

  test("is none when one cycle alone falls, one rate after the other, or a fall is within chance", async () => {
    for (const course of [[good, invalid, good, invalid], [good, invalid, copied, invalid], [good, { valid: most - 1, novel: most - 2 }], [invalid, invalid]]) {
      script = course;
      const run = await start(4, { "loop.stop_on_collapse": true });
      await worker.work();
      expect(await noticesOf(run)).toEqual([]);
      expect(await getRow(run)).toEqual({ state: "finished", cycles: 4, stop_reason: null });
    }
  });

  test("ends the run where it is configured to; added cycles go on all the same", async () => {
    script = [good, { valid: 5, novel: 0 }];
    const run = await start(6, { "loop.stop_on_collapse": true });
    await worker.work();
    expect(await getRow(run)).toEqual({ state: "finished", cycles: 3, stop_reason: "collapse" });
    expect(await noticesOf(run)).toContain(`${collapsed("valid rate and novelty", 2)} The run ends here, as configured.`);
    expect(await web.call.run.get({ id: `R${run}` })).toMatchObject({ stopped: { reason: "collapse", cycles_asked: 6 } });

    expect(await web.call.run.addCycles({ id: `R${run}`, cycles: 2 })).toMatchObject({ cycles_planned: 5 });
    expect(await getRow(run)).toEqual({ state: "running", cycles: 5, stop_reason: null });
    await worker.work();
    expect(await getRow(run)).toEqual({ state: "finished", cycles: 4, stop_reason: "collapse" });
  });

  test("in the last planned cycle is said, and is not called the reason of the end", async () => {
    script = [good, invalid];
    const run = await start(3, { "loop.stop_on_collapse": true });
    await worker.work();
    expect(await noticesOf(run)).toEqual([collapsed("valid rate", 2)]);
    expect(await getRow(run)).toEqual({ state: "finished", cycles: 3, stop_reason: null });
  });
});

describe("the minutes of a cycle", () => {
  test("do not count where there are none, nor before they are used up", async () => {
    const untimed = await start(1);
    await age(untimed, 10_000);
    await worker.step(["generate"]);
    const second = await claim();
    expect(await cut(second)).toBe(false);
    await release(second);
    await end(untimed);

    const timed = await startTimed();
    await age(timed, 9);
    await worker.step(["generate"]);
    const batch = await claim();
    expect(await cut(batch)).toBe(false);
    await release(batch);
    await end(timed);
  });

  test("never keep the first batch from being written", async () => {
    const run = await startTimed();
    await age(run, 11);
    const first = await claim();
    expect(first.args.first_index).toBe(0);
    expect(await cut(first)).toBe(false);
    await release(first);
    await end(run);
  });

  test("used up, end the cycle with what it has: no batch is written any more, and selection follows", async () => {
    const run = await startTimed();
    await worker.step(["generate"]);
    await age(run, 11);
    expect(await cut(await claim())).toBe(true);
    expect(await plannedOf(run)).toBe(4);
    expect(await noticesOf(run)).toEqual(["Cycle 0 wrote 4 candidates in its 10 minutes; no further batch is begun."]);
    expect((await queueOf(run)).map((job) => job["state"] as string)).toEqual(["done", "done", "cancelled", "cancelled"]);
    await worker.work();
    expect(await getRow(run)).toMatchObject({ state: "finished" });
    expect(await web.call.run.get({ id: `R${run}` })).toMatchObject({ cycles: [{ stage: "ended", planned: 4, generated: 4, valid: 4 }] });
  });

  test("used up when everything written is judged already, queue the selection themselves", async () => {
    const run = await startTimed();
    await worker.step(["generate"]);
    for (let done = 0; done < 4; done += 1) await worker.step(["evaluate"]);
    await age(run, 11);
    expect(await cut(await claim())).toBe(true);
    expect((await queueOf(run)).at(-1)).toEqual({ kind: "select", state: "queued" });
    await worker.work();
    expect(await getRow(run)).toMatchObject({ state: "finished" });
  });

  test("do not cut a batch whose programs exist: its retry writes it to the end", async () => {
    const run = await startTimed();
    await worker.step(["generate"]);
    await sql`insert into candidate (run_id, cycle, index, batch) values (${run}, 0, 5, 1)`;
    await age(run, 11);
    const second = await claim();
    expect(await cut(second)).toBe(false);
    await release(second);
    await end(run);
  });

  test("do not cut while a later batch is being written", async () => {
    const run = await startTimed();
    await worker.step(["generate"]);
    const second = await claim();
    const third = await claim();
    expect(await cut(third)).toBe(false);
    await release(second);
    await age(run, 11);
    const again = await claim();
    expect(again.id).toBe(second.id);
    expect(await cut(again)).toBe(false);
    await release(again);
    await release(third);
    await end(run);
  });

  test("cut a batch that was claimed before the cut of an earlier one", async () => {
    const run = await startTimed();
    await worker.step(["generate"]);
    await age(run, 11);
    const second = await claim();
    // As if it had been claimed in time.
    const third = await claim();
    await sql`update job set state = 'queued', owner_id = null, lease_token = null, lease_expires_at = null where id = ${third.id}`;
    expect(await cut(second)).toBe(true);
    await sql`update job set state = 'leased', owner_id = ${worker.id}, lease_token = ${third.lease_token}, lease_expires_at = now() + interval '1 minute', ended_at = null where id = ${third.id}`;
    await sql`update attempt set started_at = now() - interval '5 minutes' where lease_token = ${third.lease_token}`;
    expect(await cut(third)).toBe(true);
    expect(await plannedOf(run)).toBe(4);
    await end(run);
  });

  test("leave nothing queued in a run that was cancelled meanwhile", async () => {
    const run = await startTimed();
    await worker.step(["generate"]);
    for (let done = 0; done < 4; done += 1) await worker.step(["evaluate"]);
    await age(run, 11);
    const second = await claim();
    await web.call.run.cancel({ id: `R${run}` });
    expect(await cut(second)).toBe(true);
    expect(await getRow(run)).toMatchObject({ state: "cancelled" });
    expect((await queueOf(run)).filter((job) => job["state"] === "queued")).toEqual([]);
  });

  test("refuse an attempt that lost its lease", async () => {
    const run = await startTimed();
    await worker.step(["generate"]);
    await age(run, 11);
    const batch = await claim();
    await release(batch);
    await expect(cut(batch)).rejects.toMatchObject({ code: "AL001" });
    expect(await plannedOf(run)).toBe(16);
    await end(run);
  });
});
