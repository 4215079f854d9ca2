"use client";

import type { TRPCConnectionState } from "@trpc/client/unstable-internals";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";

import { setConnection } from "./connection-store";

interface Unsubscribable {
  unsubscribe: () => void;
}

export interface StreamCallbacks<Item> {
  onData: (item: Item) => void;
  onError: (error: unknown) => void;
  onComplete: () => void;
  onConnectionStateChange: (state: TRPCConnectionState<unknown>) => void;
}

const subscribeVisibility = (listener: () => void): (() => void) => {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
};

/** A hidden tab holds no stream: browsers allow six connections an origin, and nobody is looking. */
const useVisible = (): boolean =>
  useSyncExternalStore(
    subscribeVisibility,
    () => document.visibilityState !== "hidden",
    () => true,
  );

const retryMs = 2_000;

/**
 * Keeps one subscription open while `key` is not null and the tab is visible. Items go to `onItem`, never through React
 * state. The browser reconnects by itself with the last position; only a refused connection is retried here.
 */
export function useStream<Item>(
  key: string | null,
  subscribe: (callbacks: StreamCallbacks<Item>) => Unsubscribable,
  onItem: (item: Item) => void,
  onReconnect: () => void,
): void {
  const visible = useVisible();
  const [attempt, setAttempt] = useState(0);
  const latest = useRef({ subscribe, onItem, onReconnect });
  useEffect(() => {
    latest.current = { subscribe, onItem, onReconnect };
  });

  const opened = useRef(false);

  const open = key !== null && visible;
  useEffect(() => {
    if (!open) return;
    let retry: ReturnType<typeof setTimeout> | undefined;
    // What happened while no stream was open is not in this one.
    let down = opened.current;
    opened.current = true;
    if (attempt === 0) setConnection("connecting", Date.now());
    const subscription = latest.current.subscribe({
      onData: (item) => latest.current.onItem(item),
      onError: () => {
        down = true;
        setConnection("offline", Date.now());
        retry = setTimeout(() => setAttempt((count) => count + 1), retryMs);
      },
      onComplete: () => setConnection("idle", Date.now()),
      onConnectionStateChange: (state) => {
        if (state.state === "pending") {
          setConnection("live", Date.now());
          if (down) latest.current.onReconnect();
          down = false;
        } else if (state.state === "connecting" && state.error !== null) {
          down = true;
          setConnection("offline", Date.now());
        }
      },
    });
    return () => {
      clearTimeout(retry);
      subscription.unsubscribe();
    };
  }, [open, key, attempt]);

  useEffect(() => {
    if (open) return () => setConnection("idle", Date.now());
  }, [open, key]);
}
