/** Calls `work` at once, then at most once per `intervalMs`; the last call of a burst is never lost. */
export function throttle(work: () => void, intervalMs: number, now: () => number = Date.now) {
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    timer = undefined;
    last = now();
    work();
  };
  return {
    call: (): void => {
      if (timer !== undefined) return;
      const wait = last + intervalMs - now();
      if (wait <= 0) run();
      else timer = setTimeout(run, wait);
    },
    cancel: (): void => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
