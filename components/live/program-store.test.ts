import { describe, expect, it } from "vitest";

import type { RunEvent } from "../../server/contract/events";
import { createProgramStore } from "./program-store";

/** A store whose frames are run by hand. */
function useStore() {
  const frames: (() => void)[] = [];
  const store = createProgramStore((flush) => frames.push(flush));
  let seq = 0;
  return {
    store,
    frames,
    frame: () => frames.splice(0).forEach((flush) => flush()),
    event: (event: RunEvent) => store.apply({ kind: "event", seq: (seq += 1), event }),
    chunk: (suffixes: Record<string, string>, attempt = 1, cycle = 0) =>
      store.apply({ kind: "chunk", seq: (seq += 1), chunk: { cycle, batch: 0, attempt, suffixes } }),
  };
}

describe("programs while they are written", () => {
  it("adds suffixes of one attempt", () => {
    const { store, chunk } = useStore();
    chunk({ 0: "import ", 1: "x" });
    chunk({ 0: "torch" });
    expect(store.get(0)?.text).toBe("import torch");
    expect(store.get(1)?.text).toBe("x");
  });

  it("replaces the text when a newer attempt writes, and ignores the older one", () => {
    const { store, chunk } = useStore();
    chunk({ 0: "old" }, 3);
    chunk({ 0: "new" }, 5);
    chunk({ 0: " late" }, 3);
    expect(store.get(0)?.text).toBe("new");
  });

  it("continues a snapshot without gap or repetition", () => {
    const { store, chunk } = useStore();
    store.apply({ kind: "snapshot", seq: 9, batches: [{ cycle: 2, batch: 0, attempt: 4, texts: { 7: "import to" } }] });
    chunk({ 7: "rch" }, 4, 2);
    expect(store.cycle()).toBe(2);
    expect(store.get(7)?.text).toBe("import torch");
  });

  it("tells readers once per frame however many chunks arrive", () => {
    const { store, chunk, frame, frames } = useStore();
    let told = 0;
    store.subscribe(0, () => (told += 1));
    for (let place = 0; place < 50; place += 1) chunk({ 0: "x" });
    expect(frames).toHaveLength(1);
    frame();
    expect(told).toBe(1);
  });

  it("tells only the program that changed", () => {
    const { store, chunk, frame } = useStore();
    chunk({ 0: "a", 1: "b" });
    frame();
    const told: number[] = [];
    store.subscribe(0, () => told.push(0));
    store.subscribe(1, () => told.push(1));
    chunk({ 1: "c" });
    frame();
    expect(told).toEqual([1]);
  });

  it("keeps the same list until a program appears", () => {
    const { store, chunk, frame } = useStore();
    chunk({ 2: "a", 1: "b" });
    frame();
    const before = store.indexes();
    chunk({ 1: "c" });
    frame();
    expect(store.indexes()).toBe(before);
    chunk({ 0: "d" });
    frame();
    expect(store.indexes()).toEqual([0, 1, 2]);
  });

  it("ticks a program through its states and keeps its text", () => {
    const { store, chunk, event } = useStore();
    chunk({ 0: "import torch" });
    event({ type: "batch_ended", cycle: 0, batch: 0, indexes: [0], tokens: 2 });
    expect(store.get(0)?.state).toBe("complete");
    event({ type: "candidate_evaluating", cycle: 0, index: 0 });
    event({ type: "candidate_ended", cycle: 0, index: 0, outcome: "ok", accuracy: 0.5 });
    expect(store.get(0)).toMatchObject({ state: "ended", outcome: "ok", accuracy: 0.5, text: "import torch" });
  });

  it("leaves a cycle for the next one and forgets late items of the old", () => {
    const { store, chunk, event } = useStore();
    chunk({ 0: "a" });
    event({ type: "cycle_opened", cycle: 1, has_adapter: true });
    expect(store.get(0)).toBeUndefined();
    chunk({ 0: "late" }, 1, 0);
    expect(store.get(0)).toBeUndefined();
  });

  it("never sets a program back with what the database knew earlier", () => {
    const { store, event } = useStore();
    event({ type: "candidate_ended", cycle: 0, index: 3, outcome: "ok", accuracy: 0.7 });
    store.seed(0, [{ index: 3, state: "evaluating", outcome: null, accuracy: null }]);
    expect(store.get(3)?.state).toBe("ended");
  });
});
