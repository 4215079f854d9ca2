import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { connect } from "../db/client";
import { linkTo } from "../test/breakable-link";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { readEventStream } from "../test/event-stream";
import { type ScriptedWorker, startScriptedWorker, toProgram } from "../test/scripted-worker";
import { serve, type TestServer } from "../test/serve";
import { createListener } from "./listener";
import { streamRun } from "./run";
import { streamRuns } from "./runs";
import type { RunStreamItem } from "./views";

const database = useTestDatabase();
const web = useCaller(database);
let worker: ScriptedWorker;
let sql: postgres.Sql;
let server: TestServer;

beforeAll(async () => {
  sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  worker = await startScriptedWorker(database.url, { judge: () => ({ outcome: "ok", accuracy: 0.5 }) });
  server = await serve(() => web.context);
});
afterAll(async () => {
  await server.close();
  await worker.close();
  await sql.end();
});

const toNumber = (id: string) => Number(id.slice(1));
const toUrl = (id: string) => `${server.url}/api/trpc/stream.run?input=${encodeURIComponent(JSON.stringify({ id }))}`;

/** Items of one connection, until `enough` says so or the server ends the stream. */
async function readItems(id: string, lastEventId?: string, enough: (item: RunStreamItem) => boolean = () => false) {
  const items: { id: string; item: RunStreamItem }[] = [];
  const reader = new AbortController();
  const headers: Record<string, string> = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  let ending = "cut";
  try {
    for await (const { event, id: at, data } of readEventStream(toUrl(id), { headers, signal: reader.signal })) {
      if (event === "return") ending = "return";
      if (event === "serialized-error") throw new Error(data);
      if (event !== "message") continue;
      const item = JSON.parse(data) as RunStreamItem;
      items.push({ id: at ?? "", item });
      if (enough(item)) break;
    }
  } finally {
    reader.abort();
  }
  return { items, ending };
}

const seqs = (items: readonly { item: RunStreamItem }[]) => items.map(({ item }) => item.seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe("a run's stream", () => {
  test("begins with what is written so far, goes on without gap or repetition after a reload, and ends with the run", async () => {
    const { id } = await web.call.run.start({ preset: "quick", set: { cycles: 1, candidates_per_cycle: 4 } });
    const batch = await worker.beginBatch();
    await batch.write({ "0": "import ", "1": "from " });
    await batch.write({ "0": "torch" });

    const first = await readItems(id, undefined, (item) => item.kind === "snapshot");
    expect(first.items[0]?.item).toEqual({
      kind: "snapshot",
      seq: 5,
      batches: [{ cycle: 0, batch: 0, attempt: expect.any(Number) as number, texts: { "0": "import torch", "1": "from " } }],
    });
    expect(first.items[0]?.id).toBe(`${id}:5`);

    await batch.write({ "1": "x" });
    const second = await readItems(id, `${id}:5`, (item) => item.seq === 6);
    expect(second.items.map(({ item }) => item)).toEqual([
      { kind: "chunk", seq: 6, chunk: { cycle: 0, batch: 0, attempt: expect.any(Number) as number, suffixes: { "1": "x" } } },
    ]);

    const live = readItems(id, `${id}:6`);
    await batch.write({ "1": "y" });
    await batch.finish();
    await worker.work();
    const { items, ending } = await live;
    expect(ending).toBe("return");
    const [last] = await sql<{ seq: number }[]>`select last_seq::int as seq from run where id = ${toNumber(id)}`;
    // The chunk (7) may be stored, and gone, before this connection had read it; everything after it is an event.
    expect(seqs(items).filter((seq) => seq > 7)).toEqual(range(8, last?.seq ?? 0));
    expect(items.at(-1)?.item).toMatchObject({ kind: "event", event: { type: "run_state", state: "finished" } });
  });

  test("survives cut connections: what a reader has put together is exactly the log", async () => {
    const { id } = await web.call.run.start({ preset: "quick", set: { cycles: 2 } });
    const seen: number[] = [];
    let at: string | undefined = `${id}:0`;
    const reading = (async () => {
      for (let ending = "cut"; ending !== "return"; ) {
        const part: Awaited<ReturnType<typeof readItems>> = await readItems(id, at, (item) => item.seq % 7 === 0);
        seen.push(...seqs(part.items));
        at = part.items.at(-1)?.id ?? at;
        ending = part.ending;
      }
    })();
    await worker.work();
    await reading;
    const events = await sql<{ seq: number }[]>`select seq::int as seq from run_event where run_id = ${toNumber(id)} order by seq`;
    const stored = events.map((event) => event.seq);
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b));
    expect(seen.filter((seq) => stored.includes(seq))).toEqual(stored);
  });

  test("starts anew for a page that remembers another database", async () => {
    const { id } = await web.call.run.start({ preset: "quick" });
    const { items } = await readItems(id, `${id}:99999`, (item) => item.kind === "snapshot");
    expect(items[0]?.item).toEqual({ kind: "snapshot", seq: 1, batches: [] });
    await web.call.run.cancel({ id });
  });

  test("shows only the newest attempt's text of a batch that is written again", async () => {
    const { id } = await web.call.run.start({ preset: "quick" });
    const lost = await worker.beginBatch();
    await lost.write({ "0": "old" });
    await sql`select job_finish(id, lease_token, 'released') from job where run_id = ${toNumber(id)} and state = 'leased'`;
    const again = await worker.beginBatch();
    await again.write({ "0": "new" });
    const { items } = await readItems(id, undefined, (item) => item.kind === "snapshot");
    expect(items[0]?.item).toMatchObject({ batches: [{ texts: { "0": "new" } }] });
    await again.finish();
    await web.call.run.cancel({ id });
  });

  test("of a finished run stays open while a re-run waits or runs, and ends after it", async () => {
    const { id } = await web.call.run.start({ preset: "quick", set: { cycles: 1 } });
    await worker.work();
    expect((await readItems(id)).ending).toBe("return");
    await web.call.candidate.rerun({ id: `${id}.0.002`, seed: 4 });
    const open = readItems(id, `${id}:1`);
    await worker.work();
    const { items, ending } = await open;
    expect(ending).toBe("return");
    expect(items.at(-1)?.item).toMatchObject({ event: { type: "evaluation_ended", index: 2, ordinal: 2 } });
  });

  test.each([["R999", undefined, "NOT_FOUND"], ["run", "R8888:1", "BAD_REQUEST"], ["run", "x", "BAD_REQUEST"]])(
    "%s after %s is refused with %s",
    async (which, lastEventId, code) => {
      const id = which === "run" ? (await web.call.run.list())[0]?.id ?? "" : which;
      await expect(readItems(id, lastEventId)).rejects.toThrow(code);
    },
  );
});

describe("the listening connection", () => {
  test("is made anew after it was killed, and what was missed is caught up", async () => {
    const { id } = await web.call.run.start({ preset: "quick" });
    const reader = new AbortController();
    const items = streamRun(web.context, toNumber(id), 1, reader.signal);
    const next = items.next();
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'listen%'`;
    await sql`select append_event(${toNumber(id)}, 'notice', ${sql.json({ message: "sent while nobody listened" })})`;
    expect(await next).toMatchObject({ value: { seq: 2, event: { message: "sent while nobody listened" } } });
    const after = items.next();
    await sql`select append_event(${toNumber(id)}, 'notice', ${sql.json({ message: "and after" })})`;
    expect(await after).toMatchObject({ value: { seq: 3 } });
    reader.abort();
    await items.return();
    await web.call.run.cancel({ id });
  });

  test("and the stream survive a database that is away for a while", async () => {
    const { id } = await web.call.run.start({ preset: "quick" });
    const link = await linkTo(database.url);
    const connection = connect(link.url);
    const listener = createListener(link.url);
    const reader = new AbortController();
    const items = streamRun({ db: connection.db, listener }, toNumber(id), 0, reader.signal);
    expect(await items.next()).toMatchObject({ value: { seq: 1 } });
    const next = items.next();
    link.down();
    await sql`select append_event(${toNumber(id)}, 'notice', ${sql.json({ message: "while away" })})`;
    await new Promise((later) => setTimeout(later, 1_500));
    link.up();
    expect(await next).toMatchObject({ value: { seq: 2, event: { message: "while away" } } });
    reader.abort();
    await items.return();
    await listener.close();
    await connection.close();
    await link.close();
    await web.call.run.cancel({ id });
  });
});

describe("the stream of all runs", () => {
  test("says at once that anything may have changed, then what did, in few ticks", async () => {
    const reader = new AbortController();
    const ticks = streamRuns(web.context.listener, reader.signal);
    expect(await ticks.next()).toMatchObject({ value: { kind: "changed", everything: true } });
    const { id } = await web.call.run.start({ preset: "quick", set: { cycles: 1 } });
    const started = performance.now();
    await worker.work();
    const seen: string[] = [];
    let count = 0;
    for await (const tick of ticks) {
      count += 1;
      seen.push(...tick.runs);
      if ((await web.call.run.get({ id })).state === "finished" && count > 1) break;
      await web.call.run.rename({ id, name: `tick ${count}` });
      await sql`select pg_notify('archloom_run', ${`${toNumber(id)}:1`})`;
    }
    expect(seen).toContain(id);
    expect(count).toBeLessThanOrEqual(2 * ((performance.now() - started) / 1_000) + 2);
    reader.abort();
  });
});

test("a program put together from chunks is the program that is stored", async () => {
  const { id } = await web.call.run.start({ preset: "quick", set: { cycles: 1, candidates_per_cycle: 1 } });
  const batch = await worker.beginBatch();
  const reader = new AbortController();
  const text: string[] = [];
  const items = streamRun(web.context, toNumber(id), null, reader.signal);
  await items.next();
  for (const piece of toProgram(0, 0).match(/.{1,9}/gs) ?? []) {
    await batch.write({ "0": piece });
    const { value } = await items.next();
    if (value?.kind === "chunk") text.push(value.chunk.suffixes["0"] ?? "");
  }
  await batch.finish();
  reader.abort();
  await items.return();
  expect(text.join("")).toBe((await web.call.candidate.get({ id: `${id}.0.000` })).code);
});
