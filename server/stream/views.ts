import type { Chunk, RunEvent } from "../contract/events";

/** Programs of one batch as far as they are written. Later chunks of the same batch and attempt add to the texts. */
export interface WritingBatch {
  cycle: number;
  batch: number;
  attempt: number;
  /** Candidate index -> text so far. */
  texts: Record<string, string>;
}

/**
 * One item of a run's stream. `seq` grows; an item is sent once. The first item of a connection that did not resume is
 * a snapshot, which includes everything up to its `seq`.
 */
export type RunStreamItem =
  | { kind: "snapshot"; seq: number; batches: WritingBatch[] }
  | { kind: "event"; seq: number; event: RunEvent }
  | { kind: "chunk"; seq: number; chunk: Chunk };

/** What changed since the last tick: read again what of it is on screen. */
export interface RunsTick {
  kind: "changed";
  /** `R3`. */
  runs: string[];
  /** The queue, and with it what workers do. */
  workers: boolean;
  /** Anything may have: the first tick of a connection, and after notices were missed. */
  everything: boolean;
}
