"use client";

import { useTheme } from "next-themes";
import { useEffect, useState } from "react";

import { loadMonaco, type MonacoApi, themeName } from "./monaco";

/** The loaded editor, in the page's theme (which is global to all editors); `failed` when its files could not be fetched (the caller shows plain text). */
export function useMonaco(): { monaco: MonacoApi | null; failed: boolean } {
  const [monaco, setMonaco] = useState<MonacoApi | null>(null);
  const [failed, setFailed] = useState(false);
  const { resolvedTheme } = useTheme();
  const theme = themeName(resolvedTheme);

  useEffect(() => {
    let left = false;
    loadMonaco().then(
      (loaded) => {
        if (!left) setMonaco(() => loaded);
      },
      () => {
        if (!left) setFailed(true);
      },
    );
    return () => {
      left = true;
    };
  }, []);

  useEffect(() => {
    monaco?.editor.setTheme(theme);
  }, [monaco, theme]);

  return { monaco, failed };
}
