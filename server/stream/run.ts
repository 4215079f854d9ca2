import type { Database } from "../db/client";
import { readTogether } from "../db/transact";
import { type Clock, systemClock } from "./bell";
import type { Listener } from "./listener";
import { isQuiet, readLog, readSnapshot } from "./log";
import { tail } from "./tail";
import type { RunStreamItem } from "./views";

interface Sources {
  db: Database;
  listener: Listener;
  clock?: Clock;
}

/**
 * Follows one run: everything after `after` in order and once, or, when that is null, a snapshot of what is being written
 * and everything after it. Ends when the run is quiet.
 */
export async function* streamRun(
  { db, listener, clock = systemClock }: Sources,
  run: number,
  after: number | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunStreamItem, void, undefined> {
  let position = after;
  if (position === null) {
    const snapshot = await readTogether(db, (tx) => readSnapshot(tx, run));
    yield snapshot;
    position = snapshot.seq;
  }
  const prefix = `${run}:`;
  const source = {
    subscribe: (ring: () => void) =>
      listener.subscribe("archloom_run", (payload) => {
        if (payload === null || payload.startsWith(prefix)) ring();
      }),
    readAfter: (seq: number, limit: number) => readLog(db, run, seq, limit),
    isOver: () => isQuiet(db, run),
  };
  yield* tail(source, position, { clock, signal });
}
