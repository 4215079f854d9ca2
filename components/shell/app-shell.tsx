"use client";

import { Keyboard } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";

import { buttonClass } from "../ui/button";
import { classNames } from "../ui/class-names";
import { ConnectionBanner, ConnectionState } from "./connection";
import { Logo } from "./logo";
import { handleKey } from "./shortcuts";
import { ShortcutDrawer } from "./shortcut-drawer";
import { ThemeToggle } from "./theme-toggle";
import { useShortcuts } from "./use-shortcuts";

const places = [
  { href: "/runs", label: "Runs", keys: "g r", covers: ["/runs", "/candidates"] },
  { href: "/studies", label: "Studies", keys: "g s", covers: ["/studies"] },
  { href: "/corpus", label: "Corpus", keys: "g c", covers: ["/corpus"] },
  { href: "/prompts", label: "Prompts", keys: "g p", covers: ["/prompts"] },
  { href: "/workers", label: "Workers", keys: "g w", covers: ["/workers"] },
];

/** On a narrow screen the list of places scrolls: the one that is shown is always in sight. */
const scrollHere = (link: HTMLAnchorElement | null): void => link?.scrollIntoView({ block: "nearest", inline: "center" });

export function AppShell({ children }: { children: ReactNode }) {
  const router = useRouter();
  const pathname = usePathname();
  const [drawer, setDrawer] = useState(false);

  useEffect(() => {
    const listen = (event: KeyboardEvent): void => void handleKey(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);

  useShortcuts([
    ...places.map((place) => ({ keys: place.keys, label: `Go to ${place.label.toLowerCase()}`, run: () => router.push(place.href) })),
    { keys: "?", label: "Show this list", run: () => setDrawer(true) },
  ]);

  return (
    <>
      <a
        href="#content"
        className="absolute -top-20 left-2 z-50 rounded border border-accent bg-panel px-4 py-2 font-medium text-accent focus:top-2"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-20 border-b border-edge bg-panel print:hidden">
        <div className="mx-auto flex h-12 max-w-[100rem] items-center gap-3 px-4 sm:gap-5 lg:px-6">
          <Link href="/runs" className="flex items-center gap-2 font-semibold tracking-tight">
            <Logo />
            <span className="max-xs:sr-only">Archloom</span>
          </Link>
          <nav aria-label="Main" className="flex h-full min-w-0 items-stretch overflow-x-auto [scrollbar-width:none] max-sm:[mask-image:linear-gradient(to_right,black_calc(100%-1.5rem),transparent)]">
            {places.map((place) => {
              const here = place.covers.some((path) => pathname.startsWith(path));
              return (
                <Link
                  key={place.href}
                  href={place.href}
                  ref={here ? scrollHere : undefined}
                  aria-current={here ? "page" : undefined}
                  className={classNames(
                    "flex shrink-0 items-center border-b-2 px-2.5 pt-0.5 font-medium sm:px-3",
                    here ? "border-accent text-ink" : "border-transparent text-ink-soft hover:text-ink",
                  )}
                >
                  {place.label}
                </Link>
              );
            })}
          </nav>
          <div className="ml-auto flex shrink-0 items-center gap-1">
            <ConnectionState />
            <button
              type="button"
              className={buttonClass("quiet", "px-2 max-sm:hidden")}
              onClick={() => setDrawer(true)}
              title="Keyboard shortcuts (?)"
              aria-label="Keyboard shortcuts"
            >
              <Keyboard aria-hidden className="size-4" />
            </button>
            <ThemeToggle />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto max-w-[100rem] px-4 py-4 outline-none lg:px-6 lg:py-5">
        {children}
      </main>
      <ConnectionBanner />
      <ShortcutDrawer open={drawer} onOpenChange={setDrawer} />
    </>
  );
}
