/**
 * Programs while they are written, outside React: chunks arrive faster than a page should render. Readers subscribe to
 * one program (a tile, the editor) or to the list of programs; both are told at most once per animation frame.
 *
 * Guaranteed: a text is exactly the concatenation of its attempt's suffixes; a newer attempt replaces the text; a chunk of
 * an older attempt is ignored; the list changes only when a program appears or a cycle is left.
 */
import type { Chunk, RunEvent } from "../../server/contract/events";
import type { CandidateState, Outcome } from "../../server/contract/words";
import type { RunStreamItem } from "../../server/stream/views";

export interface Program {
  cycle: number;
  index: number;
  attempt: number;
  text: string;
  state: CandidateState;
  outcome: Outcome | null;
  accuracy: number | null;
}

export type KnownProgram = Pick<Program, "index" | "state" | "outcome" | "accuracy">;

type Listener = () => void;

const progressOf: Record<CandidateState, number> = { writing: 0, complete: 1, evaluating: 2, ended: 3 };

export interface ProgramStore {
  /** Applies one item of the run's stream. */
  apply: (item: RunStreamItem) => void;
  /** What the database knew when the page was loaded: fills in programs whose text is not streamed any more. */
  seed: (cycle: number, known: readonly KnownProgram[]) => void;
  /** Programs of the newest cycle by index; the same array until the list changes. */
  indexes: () => readonly number[];
  cycle: () => number | null;
  get: (index: number) => Program | undefined;
  /** The program that began last and is still being written, else the one that was written last. */
  newest: () => number | null;
  subscribeList: (listener: Listener) => () => void;
  subscribe: (index: number, listener: Listener) => () => void;
}

/** `schedule` runs its argument once, soon: `requestAnimationFrame` in a page. */
export function createProgramStore(schedule: (flush: () => void) => void): ProgramStore {
  let cycle: number | null = null;
  let indexes: readonly number[] = [];
  let newest: number | null = null;
  let programs = new Map<number, Program>();
  const listListeners = new Set<Listener>();
  const listeners = new Map<number, Set<Listener>>();
  const dirty = new Set<number>();
  let listDirty = false;
  let scheduled = false;

  function flush(): void {
    scheduled = false;
    const changed = [...dirty];
    dirty.clear();
    if (listDirty) {
      listDirty = false;
      indexes = [...programs.keys()].toSorted((a, b) => a - b);
      for (const listener of listListeners) listener();
    }
    for (const index of changed) for (const listener of listeners.get(index) ?? []) listener();
  }

  function touch(index: number | null): void {
    if (index === null) listDirty = true;
    else dirty.add(index);
    if (scheduled) return;
    scheduled = true;
    schedule(flush);
  }

  /** False for a cycle that has been left already. */
  function enterCycle(number: number): boolean {
    if (cycle !== null && number < cycle) return false;
    if (cycle !== number) {
      cycle = number;
      programs = new Map();
      newest = null;
      touch(null);
    }
    return true;
  }

  function put(index: number, change: Partial<Program>): void {
    const before = programs.get(index);
    if (before === undefined) touch(null);
    programs.set(index, {
      cycle: cycle ?? 0,
      index,
      attempt: 0,
      text: "",
      state: "writing",
      outcome: null,
      accuracy: null,
      ...before,
      ...change,
    });
    touch(index);
  }

  function applyChunk(chunk: Chunk): void {
    if (!enterCycle(chunk.cycle)) return;
    for (const [key, suffix] of Object.entries(chunk.suffixes)) {
      const index = Number(key);
      const before = programs.get(index);
      if (before !== undefined && chunk.attempt < before.attempt) continue;
      const continues = before !== undefined && before.attempt === chunk.attempt;
      put(index, { attempt: chunk.attempt, text: continues ? before.text + suffix : suffix, state: "writing" });
    }
  }

  function applyEvent(event: RunEvent): void {
    switch (event.type) {
      case "cycle_opened":
        enterCycle(event.cycle);
        return;
      case "batch_started":
        if (!enterCycle(event.cycle)) return;
        for (const index of event.indexes) {
          if (programs.get(index)?.state !== "ended") put(index, { state: "writing" });
        }
        newest = event.indexes[0] ?? newest;
        touch(null);
        return;
      case "batch_ended":
        if (!enterCycle(event.cycle)) return;
        for (const index of event.indexes) {
          if (programs.get(index)?.state !== "ended") put(index, { state: "complete" });
        }
        return;
      case "candidate_evaluating":
        if (enterCycle(event.cycle)) put(event.index, { state: "evaluating" });
        return;
      case "candidate_ended":
        if (enterCycle(event.cycle)) put(event.index, { state: "ended", outcome: event.outcome, accuracy: event.accuracy });
        return;
      default:
        return;
    }
  }

  const subscribeTo = (set: Set<Listener>, listener: Listener) => {
    set.add(listener);
    return () => set.delete(listener);
  };

  return {
    apply(item) {
      if (item.kind === "chunk") applyChunk(item.chunk);
      else if (item.kind === "event") applyEvent(item.event);
      else {
        for (const batch of item.batches) {
          if (!enterCycle(batch.cycle)) continue;
          for (const [key, text] of Object.entries(batch.texts)) {
            const index = Number(key);
            put(index, { attempt: batch.attempt, text, state: "writing" });
            newest = newest === null ? index : newest;
          }
        }
      }
    },
    seed(number, known) {
      if (!enterCycle(number)) return;
      for (const { index, state, outcome, accuracy } of known) {
        const before = programs.get(index);
        if (before === undefined || progressOf[state] > progressOf[before.state]) put(index, { state, outcome, accuracy });
      }
    },
    indexes: () => indexes,
    cycle: () => cycle,
    get: (index) => programs.get(index),
    newest: () => newest,
    subscribeList: (listener) => subscribeTo(listListeners, listener),
    subscribe(index, listener) {
      const set = listeners.get(index) ?? new Set();
      listeners.set(index, set);
      return subscribeTo(set, listener);
    },
  };
}
