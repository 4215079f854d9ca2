"use client";

import { useEffect, useState } from "react";
import type { HighlighterCore } from "shiki/core";

import type { CodeError } from "./code-view";
import { PlainCode } from "./plain-code";

let loading: Promise<HighlighterCore> | undefined;

function loadShiki(): Promise<HighlighterCore> {
  loading ??= (async () => {
    const [{ createHighlighterCore }, { createJavaScriptRegexEngine }] = await Promise.all([
      import("shiki/core"),
      // The default engine is WebAssembly, which a strict content security policy refuses.
      import("shiki/engine/javascript"),
    ]);
    return createHighlighterCore({
      langs: [import("shiki/langs/python.mjs")],
      themes: [import("shiki/themes/github-light-high-contrast.mjs"), import("shiki/themes/github-dark-high-contrast.mjs")],
      engine: createJavaScriptRegexEngine(),
    });
  })();
  return loading;
}

interface Token {
  content: string;
  light: string | undefined;
  dark: string | undefined;
}

/** A listing with colours, line numbers and the failing line, for touch and small screens. */
export function ShikiCode({ code, error }: { code: string; error: CodeError | null }) {
  const [lines, setLines] = useState<Token[][] | null>(null);

  useEffect(() => {
    let left = false;
    loadShiki().then(
      (shiki) => {
        if (left) return;
        const tokens = shiki.codeToTokensWithThemes(code, {
          lang: "python",
          themes: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
        });
        setLines(
          tokens.map((line) =>
            line.map(({ content, variants }) => ({
              content,
              light: variants["light"]?.color,
              dark: variants["dark"]?.color,
            })),
          ),
        );
      },
      () => setLines(null),
    );
    return () => {
      left = true;
    };
  }, [code]);

  if (lines === null) return <PlainCode code={code} />;
  return (
    <pre tabIndex={0} className="shiki-view h-full overflow-auto bg-panel py-2 font-mono text-[13px] leading-5">
      <code className="block w-max min-w-full">
        {lines.map((line, position) => {
          const failing = error?.line === position + 1;
          return (
            <span key={position} className="line" data-error={failing || undefined}>
              <span className="mr-3 inline-block w-6 text-right text-ink-faint select-none" aria-hidden>
                {position + 1}
              </span>
              {line.map((token, place) => (
                <span key={place} className="dark:text-(--shiki-dark)" style={{ color: token.light, ["--shiki-dark" as string]: token.dark }}>
                  {token.content}
                </span>
              ))}
              {failing && error !== null ? <span className="sticky left-9 ml-9 block w-[calc(100vw-7rem)] break-words whitespace-pre-wrap text-bad">✕ {error.message}</span> : null}
            </span>
          );
        })}
      </code>
    </pre>
  );
}
