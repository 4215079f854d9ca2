"use client";

import { useEffect, useState, useSyncExternalStore } from "react";

import { getConnection, getServerConnection, subscribeConnection } from "../live/connection-store";

const useConnection = () => useSyncExternalStore(subscribeConnection, getConnection, getServerConnection);

/** A dot and a word in the header: is what is on screen current? */
export function ConnectionState() {
  const connection = useConnection();
  const looks = {
    idle: { word: "", color: "transparent" },
    connecting: { word: "connecting", color: "var(--mark-quiet)" },
    live: { word: "live", color: "var(--mark)" },
    offline: { word: "offline", color: "var(--bad)" },
  }[connection.state];
  return (
    <span className="flex w-[5.5rem] items-center justify-end gap-1.5 text-xs text-ink-soft" data-connection={connection.state}>
      {connection.state === "idle" ? null : (
        <>
          <span aria-hidden className="size-2 rounded-full" style={{ background: looks.color }} />
          {looks.word}
        </>
      )}
    </span>
  );
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
/** A reconnection that succeeds at once is nobody's business. */
const patienceMs = 1_500;

/** Says since when the figures stand still; goes away by itself. Laid over the page, so that nothing moves. */
export function ConnectionBanner() {
  const connection = useConnection();
  const since = connection.state === "offline" ? connection.since : null;
  const [endured, setEndured] = useState<number | null>(null);
  useEffect(() => {
    if (since === null) return;
    const timer = setTimeout(() => setEndured(since), patienceMs);
    return () => clearTimeout(timer);
  }, [since]);
  const shown = since !== null && endured === since ? since : null;
  return (
    <div role="status" aria-live="polite" className="pointer-events-none fixed inset-x-0 bottom-4 z-30 flex justify-center px-4">
      {shown === null ? null : (
        <p className="pointer-events-auto rounded border border-bad bg-bad-soft px-4 py-2 shadow-lg">
          <strong className="font-semibold">Offline since {clock.format(shown)}, retrying.</strong> What you see is from then.
        </p>
      )}
    </div>
  );
}
