/** What a stream needs of time; tests bring their own. */
export interface Clock {
  /** Calls back once after `ms`; returns what stops it. */
  after: (ms: number, call: () => void) => () => void;
}

export const systemClock: Clock = {
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** Wakes one waiter; rung while nobody waits, it wakes the next at once. */
export interface Bell {
  ring: () => void;
  /** Resolves when rung, after `timeoutMs`, or when the signal is aborted. */
  wait: (timeoutMs: number, signal?: AbortSignal) => Promise<void>;
}

export function createBell(clock: Clock): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(timeoutMs, signal) {
      if (!rung) await sleep(clock, timeoutMs, signal, (early) => (wake = early));
      wake = undefined;
      rung = false;
    },
  };
}

/** Resolves after `ms`, when the signal is aborted, or when what `onStart` is given is called. Leaves nothing behind. */
export function sleep(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
  onStart: (wake: () => void) => void = () => {},
): Promise<void> {
  if (isAborted(signal)) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      stopTimer();
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const stopTimer = clock.after(ms, wake);
    signal?.addEventListener("abort", wake);
    onStart(wake);
  });
}

/** Whether the reader has gone. */
export const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;
