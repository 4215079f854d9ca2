import { describe, expect, test } from "vitest";

import type { Clock } from "./bell";
import { pageSize, tail, type TailSource } from "./tail";

interface Item {
  seq: number;
}

/** A clock that only moves when told to. */
function createClock() {
  let now = 0;
  const timers = new Set<{ at: number; call: () => void }>();
  const clock: Clock = {
    after(ms, call) {
      const timer = { at: now + ms, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const advance = (ms: number) => {
    now += ms;
    for (const timer of Array.from(timers).filter(({ at }) => at <= now)) {
      timers.delete(timer);
      timer.call();
    }
  };
  return { clock, advance, waiting: () => timers.size };
}

/** A log in memory; `beforeRead` runs between the subscription and each read, where races live. */
function createLog(items: Item[] = []) {
  const rings = new Set<() => void>();
  const log = {
    items,
    over: false,
    reads: 0,
    subscribed: () => rings.size,
    beforeRead: () => {},
    failWith: undefined as Error | undefined,
    add(count = 1, silently = false) {
      for (let n = 0; n < count; n += 1) items.push({ seq: (items.at(-1)?.seq ?? 0) + 1 });
      if (!silently) for (const ring of rings) ring();
    },
    ring: () => rings.forEach((ring) => ring()),
  };
  const source: TailSource<Item> = {
    subscribe(ring) {
      rings.add(ring);
      return () => rings.delete(ring);
    },
    async readAfter(seq, limit) {
      log.reads += 1;
      const failure = log.failWith;
      if (failure !== undefined) {
        log.failWith = undefined;
        throw failure;
      }
      log.beforeRead();
      return items.filter((item) => item.seq > seq).slice(0, limit);
    },
    isOver: async () => log.over,
  };
  return { log, source };
}

async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

function collect(source: TailSource<Item>, seq: number, clock: Clock, signal?: AbortSignal) {
  const seen: number[] = [];
  const done = (async () => {
    for await (const { seq: at } of tail(source, seq, { clock, signal })) seen.push(at);
  })();
  return { seen, done };
}

const lost = Object.assign(new Error("closed"), { code: "CONNECTION_CLOSED" });

describe("tail", () => {
  test("gives what is there, then what comes, once and in order, and ends when the source is over", async () => {
    const { clock } = createClock();
    const { log, source } = createLog([{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
    const { seen, done } = collect(source, 1, clock);
    await settle();
    expect(seen).toEqual([2, 3]);
    log.add();
    await settle();
    log.add(2);
    await settle();
    expect(seen).toEqual([2, 3, 4, 5, 6]);
    log.over = true;
    log.add();
    await done;
    expect(seen.at(-1)).toBe(7);
    expect(log.subscribed()).toBe(0);
  });

  test("loses nothing that is added while it reads", async () => {
    const { clock } = createClock();
    const { log, source } = createLog([{ seq: 1 }]);
    let raced = false;
    const read = source.readAfter.bind(source);
    source.readAfter = async (seq, limit) => {
      const items = await read(seq, limit);
      if (!raced) {
        raced = true;
        log.add();
      }
      return items;
    };
    const { seen } = collect(source, 0, clock);
    await settle();
    expect(seen).toEqual([1, 2]);
  });

  test("gives what was added before the source was over, even when it ends while it reads", async () => {
    const { clock } = createClock();
    const { log, source } = createLog([{ seq: 1 }]);
    log.beforeRead = () => {
      if (log.over) return;
      log.over = true;
      log.add();
    };
    const { seen, done } = collect(source, 0, clock);
    await done;
    expect(seen).toEqual([1, 2]);
  });

  test("reads a long backlog in pages without waiting", async () => {
    const { clock } = createClock();
    const { log, source } = createLog();
    log.add(2 * pageSize + 3);
    log.over = true;
    const { seen, done } = collect(source, 0, clock);
    await done;
    expect(seen).toEqual(log.items.map((item) => item.seq));
  });

  test("finds what a lost notice was about at its next look", async () => {
    const { clock, advance } = createClock();
    const { log, source } = createLog();
    const { seen } = collect(source, 0, clock);
    await settle();
    log.add(1, true);
    await settle();
    expect(seen).toEqual([]);
    advance(5_000);
    await settle();
    expect(seen).toEqual([1]);
  });

  test("reads nothing while nothing happens", async () => {
    const { clock, advance } = createClock();
    const { log, source } = createLog();
    collect(source, 0, clock);
    await settle();
    advance(4_999);
    await settle();
    expect(log.reads).toBe(1);
  });

  test("waits for a database that is away and goes on where it was", async () => {
    const { clock, advance } = createClock();
    const { log, source } = createLog([{ seq: 1 }]);
    const { seen } = collect(source, 0, clock);
    await settle();
    log.failWith = lost;
    log.add();
    await settle();
    expect(seen).toEqual([1]);
    advance(1_000);
    await settle();
    expect(seen).toEqual([1, 2]);
  });

  test("ends with any other error, and lets go of its subscription", async () => {
    const { clock } = createClock();
    const { log, source } = createLog();
    log.failWith = new Error("no such column");
    const { done } = collect(source, 0, clock);
    await expect(done).rejects.toThrow("no such column");
    expect(log.subscribed()).toBe(0);
  });

  test("ends at once when the reader has gone, and leaves no timer", async () => {
    const { clock, waiting } = createClock();
    const { log, source } = createLog();
    const reader = new AbortController();
    const { done } = collect(source, 0, clock, reader.signal);
    await settle();
    expect(waiting()).toBe(1);
    reader.abort();
    await done;
    expect(waiting()).toBe(0);
    expect(log.subscribed()).toBe(0);
  });
});
