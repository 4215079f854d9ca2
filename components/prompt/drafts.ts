"use client";

import { useEffect, useState } from "react";

/** The two texts of a template. */
export interface PromptDraft {
  system: string;
  text: string;
}

/** What was typed and not saved, by version: it is still there after a look at another page, until the tab is closed. */
const unsaved = new Map<string, PromptDraft>();

const isSame = (one: PromptDraft, other: PromptDraft): boolean => one.system === other.system && one.text === other.text;

/** The texts of one version as they are being edited. Closing the tab with unsaved texts asks first. */
export function useDraft(id: string, saved: PromptDraft) {
  const [draft, setState] = useState(() => unsaved.get(id) ?? saved);
  const changed = !isSame(draft, saved);
  const set = (next: PromptDraft): void => {
    if (isSame(next, saved)) unsaved.delete(id);
    else unsaved.set(id, next);
    setState(next);
  };
  useEffect(() => {
    if (!changed) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [changed]);
  /** `forget` leaves the text on screen: it has been saved as another version, which takes its place. */
  return { draft, changed, set, discard: () => set(saved), forget: () => void unsaved.delete(id) };
}
