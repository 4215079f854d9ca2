import { isConnectionLoss } from "../db/errors";
import { type Clock, createBell, isAborted, sleep } from "./bell";

/** Where a tail reads from. */
export interface TailSource<Item extends { seq: number }> {
  /** Calls `ring` whenever there may be something new; returns what stops that. */
  subscribe: (ring: () => void) => () => void;
  /** At most `limit` items after a position, in order. */
  readAfter: (seq: number, limit: number) => Promise<Item[]>;
  /** Nothing will be added any more. */
  isOver: () => Promise<boolean>;
}

export const pageSize = 500;

/** A look without being called, in case a notice was lost with a connection that died silently. */
const lookIntervalMs = 5_000;

const retryIntervalMs = 1_000;

/**
 * Every item after `seq`, in order, once; then those to come, as they come. Ends when the source is over and everything
 * has been given, or when the signal is aborted.
 *
 * Subscribes before it reads, and asks whether the source is over before it reads: what is added in between is either
 * read or rings. While the database is away it waits; any other error of the source ends the tail.
 */
export async function* tail<Item extends { seq: number }>(
  source: TailSource<Item>,
  seq: number,
  { clock, signal }: { clock: Clock; signal?: AbortSignal | undefined },
): AsyncGenerator<Item, void, undefined> {
  const bell = createBell(clock);
  const unsubscribe = source.subscribe(bell.ring);
  let position = seq;
  try {
    while (!isAborted(signal)) {
      const found = await look(source, position);
      if (found === null) {
        await sleep(clock, retryIntervalMs, signal);
        continue;
      }
      const { over, items } = found;
      for (const item of items) {
        if (isAborted(signal)) return;
        yield item;
        position = item.seq;
      }
      if (items.length === pageSize) continue;
      if (over) return;
      await bell.wait(lookIntervalMs, signal);
    }
  } finally {
    unsubscribe();
  }
}

/** Null while the database is away. */
async function look<Item extends { seq: number }>(source: TailSource<Item>, position: number) {
  try {
    return { over: await source.isOver(), items: await source.readAfter(position, pageSize) };
  } catch (error) {
    if (isConnectionLoss(error)) return null;
    throw error;
  }
}
