"use client";

import { X } from "lucide-react";
import { useId } from "react";

import type { FieldDescriptor } from "../../server/run/views";
import type { Draft, DraftValue } from "../run/config-draft";
import { ConfigField, type FieldOption } from "../run/config-field";
import { configGroups } from "../run/config-groups";
import { toChoices } from "../run/field-options";
import { fixedPaths } from "./study-draft";

interface ChangeListProps {
  fields: readonly FieldDescriptor[];
  /** What the changes are made to. */
  under: Draft;
  values: Draft;
  paths: readonly string[];
  /** By path. */
  wrong: Record<string, string>;
  options: Record<string, FieldOption[] | undefined>;
  /** Paths that cannot be taken off the list. */
  kept?: readonly string[];
  onChange: (path: string, value: DraftValue) => void;
  onAdd: (path: string) => void;
  onRemove: (path: string) => void;
  label: string;
}

/** Fields of a configuration that are changed, each with its bounds and what is wrong with it, and a way to any other field. */
export function ChangeList({ fields, under, values, paths, wrong, options, kept = [], onChange, onAdd, onRemove, label }: ChangeListProps) {
  const id = useId();
  const shown = paths.flatMap((path) => fields.find((field) => field.path === path) ?? []);
  // What is wrong with a field that is not changed here still has to be seen.
  const elsewhere = Object.entries(wrong).filter(([path]) => !paths.includes(path));
  return (
    <div className="grid gap-3">
      {shown.map((field) => {
        const value = values[field.path] ?? under[field.path] ?? "";
        return (
          <div key={field.path} className="flex items-start gap-2">
            <div className="min-w-0 flex-1">
              <ConfigField
                field={field}
                label={field.path}
                value={value}
                changed={String(value) !== String(under[field.path])}
                problem={wrong[field.path]}
                options={options[field.path] ?? toChoices(field)}
                long={field.path === "prompt.novelty_wishes"}
                onChange={(next) => onChange(field.path, next)}
              />
            </div>
            {kept.includes(field.path) ? null : (
              <button
                type="button"
                onClick={() => onRemove(field.path)}
                aria-label={`${label}: do not change ${field.path}`}
                title="Do not change this"
                className="flex size-7 shrink-0 items-center justify-center rounded text-ink-soft hover:bg-sunken hover:text-ink"
              >
                <X aria-hidden className="size-4" />
              </button>
            )}
          </div>
        );
      })}
      {elsewhere.map(([path, message]) => (
        <p key={path} role="alert" className="text-xs font-semibold text-bad">
          {path}: {message}
        </p>
      ))}
      <div className="flex flex-wrap items-center gap-2">
        <label htmlFor={id} className="text-ink-soft">
          {shown.length === 0 ? "Change" : "Change also"}
        </label>
        <select
          id={id}
          value=""
          aria-label={`${label}: change a field`}
          onChange={(event) => onAdd(event.target.value)}
          className="max-w-full min-w-0 rounded border border-edge-strong bg-panel px-2 py-1"
        >
          <option value="">choose a field…</option>
          {groupPaths(fields, paths).map(({ title, free }) => (
            <optgroup key={title} label={title}>
              {free.map((path) => (
                <option key={path} value={path}>
                  {path}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </div>
    </div>
  );
}

/** Every field that is not on the list yet, in the order of the start form. */
function groupPaths(fields: readonly FieldDescriptor[], taken: readonly string[]) {
  const placed = new Set(configGroups.flatMap(({ paths }) => paths));
  const free = (path: string): boolean => !taken.includes(path) && !fixedPaths.includes(path) && fields.some((field) => field.path === path);
  const rest = fields.map(({ path }) => path).filter((path) => !placed.has(path));
  return [{ title: "Run", paths: rest }, ...configGroups].map(({ title, paths }) => ({ title, free: paths.filter(free) })).filter((group) => group.free.length > 0);
}
