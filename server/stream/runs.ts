import { toRunId } from "../contract";
import { type Clock, createBell, isAborted, sleep, systemClock } from "./bell";
import type { Listener } from "./listener";
import type { RunsTick } from "./views";

const minIntervalMs = 500;
const idleMs = 60_000;

/**
 * Says what changed, at most twice a second and never later than half a second after it did. The first tick comes at once
 * and says `everything`, since a client that connects again has missed some.
 */
export async function* streamRuns(
  listener: Listener,
  signal: AbortSignal | undefined,
  clock: Clock = systemClock,
): AsyncGenerator<RunsTick, void, undefined> {
  const bell = createBell(clock);
  const changed = { runs: new Set<string>(), workers: false, everything: true };
  const unsubscribes = [
    listener.subscribe("archloom_run", (payload) => {
      if (payload === null) changed.everything = true;
      else changed.runs.add(toRunId(Number.parseInt(payload, 10)));
      bell.ring();
    }),
    listener.subscribe("archloom_job", (payload) => {
      if (payload === null) changed.everything = true;
      else changed.workers = true;
      bell.ring();
    }),
  ];
  try {
    while (!isAborted(signal)) {
      if (changed.everything || changed.workers || changed.runs.size > 0) {
        const tick: RunsTick = { kind: "changed", ...changed, runs: [...changed.runs] };
        changed.runs.clear();
        changed.workers = false;
        changed.everything = false;
        yield tick;
        await sleep(clock, minIntervalMs, signal);
      }
      await bell.wait(idleMs, signal);
    }
  } finally {
    for (const unsubscribe of unsubscribes) unsubscribe();
  }
}
