import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";

import { Providers } from "../components/shell/providers";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Archloom", template: "%s · Archloom" },
  description: "A language model writes neural networks, trains on the good ones, and you watch it learn.",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#181c1b" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  // next-themes sets the theme before the first paint, on an element that React already drew.
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
