"use client";

import { Switch } from "radix-ui";
import { useSyncExternalStore } from "react";

import { Dialog } from "../ui/dialog";
import { Kbd } from "../ui/kbd";
import { areSingleKeysOn, getShortcuts, setSingleKeys, subscribeShortcuts } from "./shortcuts";

const none: readonly never[] = [];

/** Every shortcut of this page, and the switch that turns single keys off. */
export function ShortcutDrawer({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const shortcuts = useSyncExternalStore(subscribeShortcuts, getShortcuts, () => none);
  const on = useSyncExternalStore(subscribeShortcuts, areSingleKeysOn, () => true);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts" description="What works on this page. Off while you type.">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
        {shortcuts.map((shortcut) => (
          <div key={`${shortcut.keys} ${shortcut.label}`} className="contents">
            <dt className="flex gap-1">
              {shortcut.keys.split(" ").map((key) => (
                <Kbd key={key}>{key === "Escape" ? "Esc" : key}</Kbd>
              ))}
            </dt>
            <dd className={on || shortcut.always === true ? "" : "text-ink-faint line-through"}>{shortcut.label}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-5 flex items-center gap-3 border-t border-edge pt-4">
        <Switch.Root
          id="single-keys"
          checked={on}
          onCheckedChange={setSingleKeys}
          className="relative h-6 w-10 rounded-full border border-edge-strong bg-sunken data-[state=checked]:border-accent data-[state=checked]:bg-accent"
        >
          <Switch.Thumb className="block size-4 translate-x-1 rounded-full bg-ink-soft data-[state=checked]:translate-x-[1.2rem] data-[state=checked]:bg-on-accent" />
        </Switch.Root>
        <label htmlFor="single-keys">Single-key shortcuts</label>
      </div>
    </Dialog>
  );
}
