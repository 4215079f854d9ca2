/** Single keys and two-key sequences, heard by one listener. Off in text fields, under dialogs, and by choice. */
export interface Shortcut {
  /** `j`, `Escape`, `Shift+Y`, `Alt+T`, or a sequence such as `g r`. */
  keys: string;
  label: string;
  run: () => void;
  /** Also while single-key shortcuts are switched off: combinations nobody types by accident. */
  always?: boolean;
}

const registered = new Set<readonly Shortcut[]>();
const listeners = new Set<() => void>();
let snapshot: readonly Shortcut[] = [];

export function registerShortcuts(shortcuts: readonly Shortcut[]): () => void {
  registered.add(shortcuts);
  publish();
  return () => {
    registered.delete(shortcuts);
    publish();
  };
}

function publish(): void {
  snapshot = [...registered].flat();
  for (const listener of listeners) listener();
}

export const getShortcuts = (): readonly Shortcut[] => snapshot;

export function subscribeShortcuts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const storageKey = "archloom.single-key-shortcuts";

export function areSingleKeysOn(): boolean {
  try {
    return localStorage.getItem(storageKey) !== "off";
  } catch {
    return true;
  }
}

export function setSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(storageKey, on ? "on" : "off");
  } catch {
    // A browser without storage keeps the choice for this page only.
  }
  publish();
}

/** Where a letter is text. A read-only editor is not: nothing can be typed there. */
function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLTextAreaElement) return !target.readOnly;
  if (target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) return !["button", "checkbox", "radio", "range", "reset", "submit"].includes(target.type);
  return target.isContentEditable;
}

/** Name of a pressed key as shortcuts write it; null for a modifier alone or a browser's own combination. */
export function nameKey(event: Pick<KeyboardEvent, "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">): string | null {
  if (event.ctrlKey || event.metaKey) return null;
  if (["Shift", "Alt", "Control", "Meta"].includes(event.key)) return null;
  if (event.altKey) return event.code.startsWith("Key") ? `Alt+${event.code.slice(3)}` : null;
  if (/^[A-Z]$/.test(event.key)) return `Shift+${event.key}`;
  return event.key;
}

const sequenceMs = 1_000;
let pending: { key: string; at: number } | null = null;

/** Runs what a key press means; true when it meant something. */
export function handleKey(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || takesText(event.target)) return false;
  if (document.querySelector('[role="dialog"], [role="alertdialog"]') !== null) return false;
  const key = nameKey(event);
  if (key === null) return false;
  // Enter belongs to whatever has the focus.
  if (key === "Enter" && event.target instanceof HTMLElement && event.target.closest("a, button, summary, [role=button]") !== null) return false;

  const on = areSingleKeysOn();
  const usable = snapshot.filter((shortcut) => on || shortcut.always === true);
  const sequence = pending !== null && event.timeStamp - pending.at < sequenceMs ? `${pending.key} ${key}` : null;
  const match = usable.findLast((shortcut) => shortcut.keys === sequence) ?? usable.findLast((shortcut) => shortcut.keys === key);
  pending = usable.some((shortcut) => shortcut.keys.startsWith(`${key} `)) ? { key, at: event.timeStamp } : null;
  if (match === undefined) return false;
  pending = null;
  event.preventDefault();
  match.run();
  return true;
}
