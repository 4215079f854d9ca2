"use client";

import { Switch } from "radix-ui";
import { type ReactNode, useId } from "react";

import type { FieldDescriptor } from "../../server/run/views";
import { classNames } from "../ui/class-names";
import { describeBounds, type DraftValue, labelOf } from "./config-draft";

export interface FieldOption {
  value: string;
  label: string;
  /** Options of one group stand together under its name. */
  group?: string;
}

interface ConfigFieldProps {
  field: FieldDescriptor;
  value: DraftValue;
  onChange: (value: DraftValue) => void;
  problem: string | undefined;
  /** Allowed, and probably not meant. */
  warning?: string;
  /** The preset has another value. */
  changed: boolean;
  label?: string;
  /** What there is to choose from, of a text that names something. */
  options?: readonly FieldOption[];
  /** Several lines. */
  long?: boolean;
  /** Below the explanation: what is known of the value, what can be done. */
  children?: ReactNode;
}

const box = "w-full rounded border border-edge-strong bg-panel px-2 py-1 aria-invalid:border-bad";

/** One field of a configuration with its explanation and bounds; what is wrong is said below it. */
export function ConfigField({ field, value, onChange, problem, warning, changed, label = labelOf(field.path), options, long = false, children }: ConfigFieldProps) {
  const id = useId();
  const help = `${id}-help`;
  const about = {
    id,
    "aria-describedby": help,
    "aria-invalid": problem === undefined ? undefined : true,
    "data-field": field.path,
  };
  const bounds = field.type === "integer" || field.type === "number" ? describeBounds(field) : "";
  const wide = field.type === "list" || field.type === "text";
  return (
    <div className="min-w-0">
      <div className={classNames("grid grid-cols-[1fr_8.5rem] items-center gap-3", field.type === "boolean" && "flex", (wide || options !== undefined) && "grid-cols-1 gap-1")}>
        {field.type === "boolean" && typeof value === "boolean" ? (
          <Switch.Root
            {...about}
            checked={value}
            onCheckedChange={onChange}
            className="relative h-6 w-10 shrink-0 rounded-full border border-edge-strong bg-sunken data-[state=checked]:border-accent data-[state=checked]:bg-accent"
          >
            <Switch.Thumb className="block size-4 translate-x-1 rounded-full bg-ink-soft data-[state=checked]:translate-x-[1.2rem] data-[state=checked]:bg-on-accent" />
          </Switch.Root>
        ) : null}
        <label htmlFor={id} className="font-medium">
          {label}
          {changed ? <span className="ml-1.5 text-xs font-normal text-accent">changed</span> : null}
        </label>
        {field.type === "integer" || field.type === "number" ? (
          <input
            {...about}
            className={classNames(box, "text-right")}
            inputMode={field.type === "integer" ? "numeric" : "decimal"}
            autoComplete="off"
            value={typeof value === "string" ? value : ""}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : options !== undefined && typeof value === "string" ? (
          <Choice about={about} value={value} options={options} onChange={onChange} />
        ) : field.type === "list" && Array.isArray(value) ? (
          <input
            {...about}
            className={classNames(box, "font-mono text-xs")}
            autoComplete="off"
            spellCheck={false}
            value={value.join(", ")}
            onChange={(event) => onChange(event.target.value.split(/\s*,\s*/))}
          />
        ) : field.type === "text" && typeof value === "string" ? (
          long ? (
            <textarea {...about} className={box} rows={3} value={value} onChange={(event) => onChange(event.target.value)} />
          ) : (
            <input {...about} className={box} autoComplete="off" spellCheck={false} value={value} onChange={(event) => onChange(event.target.value)} />
          )
        ) : null}
      </div>
      <p id={help} className="mt-0.5 text-xs text-ink-soft">
        {problem === undefined ? null : (
          <span role="alert" className="mr-1 font-semibold text-bad">
            {problem}
          </span>
        )}
        {problem === undefined && warning !== undefined ? <span className="mr-1 font-semibold text-warn">{warning}</span> : null}
        {field.description}
        {bounds === "" ? "" : ` Allowed: ${bounds}.`}
      </p>
      {children}
    </div>
  );
}

interface ChoiceProps {
  about: { id: string; "aria-describedby": string; "aria-invalid": boolean | undefined; "data-field": string };
  value: string;
  options: readonly FieldOption[];
  onChange: (value: string) => void;
}

function toOption({ value, label }: FieldOption) {
  return (
    <option key={value} value={value}>
      {label}
    </option>
  );
}

/** A select; a value that is none of the options stays what it is, and can be seen. */
function Choice({ about, value, options, onChange }: ChoiceProps) {
  const groups = [...new Set(options.flatMap(({ group }) => group ?? []))];
  return (
    <select {...about} className={box} value={value} onChange={(event) => onChange(event.target.value)}>
      {options.some((option) => option.value === value) ? null : <option value={value}>{value === "" ? "choose" : `${value} (not there)`}</option>}
      {options.filter(({ group }) => group === undefined).map(toOption)}
      {groups.map((group) => (
        <optgroup key={group} label={group}>
          {options.filter((option) => option.group === group).map(toOption)}
        </optgroup>
      ))}
    </select>
  );
}
