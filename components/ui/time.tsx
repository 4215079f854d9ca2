"use client";

import { useSyncExternalStore } from "react";

import { formatDuration } from "./format";

type Instant = string | Date;

const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });

const tickers = new Set<() => void>();
let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(onTick: () => void): () => void {
  tickers.add(onTick);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const tick of tickers) tick();
    }, 1000);
  }
  return () => {
    tickers.delete(onTick);
    if (tickers.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Milliseconds since 1970, a second at a time; `null` on the server and in the first render, so that both agree. */
function useNow(): number | null {
  const value = useSyncExternalStore(
    subscribe,
    () => now,
    () => 0,
  );
  return value === 0 ? null : value;
}

function relativeTime(instant: Date, nowMs: number): string {
  const seconds = Math.max(0, (nowMs - instant.getTime()) / 1000);
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return day.format(instant);
}

/** Relative on screen, exact on hover and for machines. */
export function TimeAgo({ at }: { at: Instant }) {
  const nowMs = useNow();
  const instant = new Date(at);
  return (
    <time dateTime={instant.toISOString()} title={nowMs === null ? undefined : exact.format(instant)}>
      {nowMs === null ? instant.toISOString().slice(0, 16).replace("T", " ") : relativeTime(instant, nowMs)}
    </time>
  );
}

/** How long something took, or has taken so far. */
export function Elapsed({ from, to }: { from: Instant; to: Instant | null }) {
  const nowMs = useNow();
  const end = to === null ? nowMs : new Date(to).getTime();
  return <>{end === null ? "–" : formatDuration(Math.max(0, (end - new Date(from).getTime()) / 1000))}</>;
}
