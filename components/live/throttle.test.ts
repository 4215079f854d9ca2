import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { throttle } from "./throttle";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("works at once, then at most once an interval, and never loses the last call", () => {
  const started = Date.now();
  const at: number[] = [];
  const throttled = throttle(() => at.push(Date.now() - started), 1000);
  for (let call = 0; call < 15; call += 1) {
    throttled.call();
    vi.advanceTimersByTime(100);
  }
  vi.advanceTimersByTime(5000);
  expect(at).toEqual([0, 1000, 2000]);
});

it("does nothing after it was cancelled", () => {
  let count = 0;
  const throttled = throttle(() => (count += 1), 1000);
  throttled.call();
  throttled.call();
  throttled.cancel();
  vi.advanceTimersByTime(5000);
  expect(count).toBe(1);
});
