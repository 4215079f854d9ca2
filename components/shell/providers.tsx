"use client";

import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { Toaster } from "sonner";

import { DataProvider } from "../live/trpc";
import { AppShell } from "./app-shell";

export function Providers({ children }: { children: ReactNode }) {
  return (
    <ThemeProvider attribute="data-theme" defaultTheme="system" enableSystem disableTransitionOnChange>
      <NuqsAdapter>
        <DataProvider>
          <AppShell>{children}</AppShell>
          <Toaster
            position="bottom-right"
            toastOptions={{
              style: { background: "var(--panel)", color: "var(--ink)", borderColor: "var(--edge-strong)", borderRadius: 3 },
            }}
          />
        </DataProvider>
      </NuqsAdapter>
    </ThemeProvider>
  );
}
