"use client";

import { type KeyboardEvent, useRef, useState } from "react";

import type { PromptPreview } from "../../server/contract/tasks";
import { classNames } from "../ui/class-names";
import { formatCount } from "../ui/format";
import { breaksLine, describeSize, describeToken, toShown } from "./prepare-tokens";

const views = ["tokens", "text", "list"] as const;
type View = (typeof views)[number];
const viewLabels: Record<View, string> = { tokens: "Tokens", text: "Text", list: "As a list" };

/** What a model is sent: the tokens one by one, the text, or a list with ids. */
export function TokenView({ preview }: { preview: PromptPreview }) {
  const none = preview.tokens.length === 0;
  const [chosen, setChosen] = useState<View>("tokens");
  const view = none ? "text" : chosen;
  return (
    <div className="grid min-w-0 gap-2">
      <p>{describeSize(preview)}</p>
      {preview.note === "" ? null : <p className="border-l-4 border-warn bg-warn-soft px-3 py-1.5">{preview.note}</p>}
      {none ? null : (
        <div role="group" aria-label="Shown as" className="flex">
          {views.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={view === one}
              onClick={() => setChosen(one)}
              className={classNames(
                "min-h-8 border px-3 text-sm first:rounded-l last:rounded-r not-first:-ml-px",
                view === one ? "z-10 border-accent bg-accent-soft font-semibold text-accent" : "border-edge-strong bg-panel text-ink-soft hover:bg-sunken",
              )}
            >
              {viewLabels[one]}
            </button>
          ))}
        </div>
      )}
      {view === "tokens" ? <Tokens preview={preview} /> : view === "text" ? <Text text={preview.text} /> : <TokenTable preview={preview} />}
    </div>
  );
}

const frame = "max-h-[32rem] overflow-auto rounded border border-edge bg-panel";

function Text({ text }: { text: string }) {
  return (
    <pre tabIndex={0} aria-label="Text that is sent" className={classNames(frame, "px-3 py-2 font-mono text-[13px] leading-5 break-words whitespace-pre-wrap")}>
      {text}
    </pre>
  );
}

/** One stop for Tab; arrows go from token to token, and a line below says what stands under the focus or the pointer. */
function Tokens({ preview: { tokens } }: { preview: PromptPreview }) {
  const host = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const [pointed, setPointed] = useState<number | null>(null);
  const move = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10, Home: -tokens.length, End: tokens.length };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(tokens.length - 1, Math.max(0, at + step));
    setAt(next);
    host.current?.querySelector<HTMLElement>(`[data-token="${next}"]`)?.focus();
  };
  const shown = pointed ?? at;
  const token = tokens[shown];
  return (
    <div>
      <div
        ref={host}
        role="listbox"
        tabIndex={-1}
        aria-label="Tokens that are sent"
        aria-orientation="horizontal"
        onKeyDown={move}
        onMouseLeave={() => setPointed(null)}
        className={classNames(frame, "px-3 py-2 font-mono text-[13px] leading-6")}
      >
        {tokens.map((one, place) => (
          <span key={place}>
            <span
              role="option"
              aria-selected={place === at}
              aria-label={describeToken(one, place, tokens.length)}
              tabIndex={place === at ? 0 : -1}
              data-token={place}
              onFocus={() => setAt(place)}
              onMouseEnter={() => setPointed(place)}
              className={classNames(
                "mx-px cursor-default rounded-[2px] border px-px whitespace-pre",
                one.special ? "border-edge-strong bg-sunken text-ink-soft" : "border-edge",
                place === shown && "border-accent bg-accent-soft",
              )}
            >
              {toShown(one.text)}
            </span>
            {breaksLine(one) ? <br /> : <wbr />}
          </span>
        ))}
      </div>
      <p className="mt-1 min-h-10 text-xs break-words text-ink-soft">
        {token === undefined ? "" : describeToken(token, shown, tokens.length)}
        <span className="block text-ink-faint">Point at a token, or go through them with the arrow keys. Grey: written by the model's own format.</span>
      </p>
    </div>
  );
}

function TokenTable({ preview: { tokens } }: { preview: PromptPreview }) {
  return (
    <div className={frame} tabIndex={0} role="region" aria-label="Tokens as a list">
      <table className="figures text-xs">
        <thead className="sticky top-0 bg-panel">
          <tr>
            <th scope="col" className="number">
              Number
            </th>
            <th scope="col" className="number">
              Id
            </th>
            <th scope="col">Text</th>
            <th scope="col">Written by</th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token, place) => (
            <tr key={place}>
              <td className="number">{formatCount(place + 1)}</td>
              <td className="number">{token.id}</td>
              <td className="font-mono">{JSON.stringify(token.text)}</td>
              <td className="text-ink-soft">{token.special ? "the model's format" : "the template"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
