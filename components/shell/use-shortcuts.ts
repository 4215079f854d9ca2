"use client";

import { useEffect, useRef } from "react";

import { registerShortcuts, type Shortcut } from "./shortcuts";

/** Offers shortcuts while the component is on screen. What they do may change; which there are is decided by their keys. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  const identity = shortcuts.map(({ keys, label }) => `${keys}\n${label}`).join("\n\n");
  useEffect(
    () =>
      registerShortcuts(
        latest.current.map((shortcut, place) => ({ ...shortcut, run: () => latest.current[place]?.run() })),
      ),
    [identity],
  );
}
