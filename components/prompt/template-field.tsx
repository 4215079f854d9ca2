"use client";

import { type RefObject, useId } from "react";

import { findUnknownPromptFields } from "../../server/contract/prompts";
import { classNames } from "../ui/class-names";
import { splitFields, toOffset } from "./split-fields";

interface TemplateFieldProps {
  label: string;
  hint: string;
  value: string;
  onChange: (value: string) => void;
  /** Of the textarea: chips insert there. */
  area: RefObject<HTMLTextAreaElement | null>;
  onFocus: () => void;
  /** What the server refused, if it was this text. */
  problem: string | undefined;
}

/** The text and its marks stand in one grid cell with the same metrics; the marks decide the height, so nothing scrolls inside. */
const layer = "col-start-1 row-start-1 min-h-24 px-3 py-2 font-mono text-[13px] leading-5 break-words whitespace-pre-wrap";

/** A template's text with its fields marked where they stand; what is no field is named with its place, one click away. */
export function TemplateField({ label, hint, value, onChange, area, onFocus, problem }: TemplateFieldProps) {
  const id = useId();
  const unknown = findUnknownPromptFields(value);
  const select = (at: { field: string; line: number; column: number }): void => {
    const from = toOffset(value, at.line, at.column);
    area.current?.focus();
    area.current?.setSelectionRange(from, value.indexOf("}}", from) + 2);
  };
  return (
    <div className="min-w-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <label htmlFor={id} className="font-semibold">
          {label}
        </label>
        <span className="text-xs text-ink-soft">{value.length.toLocaleString("en")} of 20,000 characters</span>
      </div>
      <p id={`${id}-hint`} className="text-xs text-ink-soft">
        {hint}
      </p>
      <div className="mt-1 grid rounded border border-edge-strong bg-panel focus-within:border-accent has-aria-invalid:border-bad">
        <div aria-hidden className={classNames(layer, "pointer-events-none text-transparent")}>
          {splitFields(value).map((part, place) =>
            part.kind === "text" ? (
              <span key={place}>{part.text}</span>
            ) : (
              <mark
                key={place}
                className={classNames(
                  "rounded-[2px] text-transparent",
                  part.kind === "field" ? "bg-accent-soft" : "bg-bad-soft underline decoration-bad decoration-wavy underline-offset-4",
                )}
              >
                {part.text}
              </mark>
            ),
          )}
          {/* A last empty line has no height of its own. */}
          {"\n"}
        </div>
        <textarea
          id={id}
          ref={area}
          value={value}
          maxLength={20_000}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={`${id}-hint ${id}-problems`}
          aria-invalid={unknown.length > 0 || problem !== undefined || undefined}
          onFocus={onFocus}
          onChange={(event) => onChange(event.target.value)}
          className={classNames(layer, "relative resize-none overflow-hidden bg-transparent text-ink outline-offset-0")}
        />
      </div>
      <div id={`${id}-problems`} aria-live="polite">
        {unknown.map((at) => (
          <p key={`${at.line}:${at.column}`} className="mt-1 text-bad">
            <button type="button" className="min-h-6 text-left underline underline-offset-2" onClick={() => select(at)}>
              Line {at.line}, column {at.column}
            </button>
            : <code className="font-mono">{`{{${at.field}}}`}</code> is no field.
          </p>
        ))}
        {unknown.length === 0 && problem !== undefined ? <p className="mt-1 text-bad">{problem}</p> : null}
      </div>
    </div>
  );
}
