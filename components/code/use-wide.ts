"use client";

import { useSyncExternalStore } from "react";

/** Monaco does not support touch (microsoft/monaco-editor#246): below this width another view is shown. */
const query = "(min-width: 48rem)";

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(query);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}

/** `null` on the server and in the first render. */
export const useWide = (): boolean | null =>
  useSyncExternalStore<boolean | null>(
    subscribe,
    () => window.matchMedia(query).matches,
    () => null,
  );
