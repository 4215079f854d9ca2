"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { useSyncExternalStore } from "react";

import { buttonClass } from "../ui/button";
import { useShortcuts } from "./use-shortcuts";

const themes = ["system", "light", "dark"] as const;
const icons = { system: Monitor, light: Sun, dark: Moon };

const never = () => () => {};
/** False on the server and in the first render: the stored theme is not known there. */
const useMounted = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );

export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  const mounted = useMounted();
  const current = (mounted ? themes.find((name) => name === theme) : undefined) ?? "system";
  const next = themes[(themes.indexOf(current) + 1) % themes.length] ?? "system";
  const Icon = icons[current];
  useShortcuts([{ keys: "Alt+T", label: "Change theme: system, light, dark", run: () => setTheme(next), always: true }]);
  return (
    <button
      type="button"
      className={buttonClass("quiet", "px-2")}
      onClick={() => setTheme(next)}
      title={`Theme: ${current}. Change to ${next}`}
      aria-label={`Theme: ${current}. Change to ${next}`}
    >
      <Icon aria-hidden className="size-4" />
    </button>
  );
}
