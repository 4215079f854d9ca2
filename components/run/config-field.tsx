"use client";

import { Switch } from "radix-ui";
import { useId } from "react";

import type { FieldDescriptor } from "../../server/run/views";
import { classNames } from "../ui/class-names";
import { describeBounds, type DraftValue, labelOf } from "./config-draft";

interface ConfigFieldProps {
  field: FieldDescriptor;
  value: DraftValue;
  onChange: (value: DraftValue) => void;
  problem: string | undefined;
  /** The preset has another value. */
  changed: boolean;
  label?: string;
}

const box = "w-full rounded border border-edge-strong bg-panel px-2 py-1 aria-invalid:border-bad";

/** One field of a configuration with its explanation and bounds; what is wrong is said below it. */
export function ConfigField({ field, value, onChange, problem, changed, label = labelOf(field.path) }: ConfigFieldProps) {
  const id = useId();
  const help = `${id}-help`;
  const about = {
    id,
    "aria-describedby": help,
    "aria-invalid": problem === undefined ? undefined : true,
    "data-field": field.path,
  };
  const bounds = field.type === "integer" || field.type === "number" ? describeBounds(field) : "";
  return (
    <div className="min-w-0">
      <div className={classNames(field.type === "boolean" ? "flex items-center gap-3" : "grid grid-cols-[1fr_8.5rem] items-center gap-3", (field.type === "list" || field.type === "text") && "grid-cols-1 gap-1")}>
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
        ) : field.type === "choice" ? (
          <select {...about} className={box} value={String(value)} onChange={(event) => onChange(event.target.value)}>
            {field.options?.map((option) => (
              <option key={option}>{option}</option>
            ))}
          </select>
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
          <input {...about} className={box} autoComplete="off" spellCheck={false} value={value} onChange={(event) => onChange(event.target.value)} />
        ) : null}
      </div>
      <p id={help} className="mt-0.5 text-xs text-ink-soft">
        {problem === undefined ? null : (
          <span role="alert" className="mr-1 font-semibold text-bad">
            {problem}
          </span>
        )}
        {field.description}
        {bounds === "" ? "" : ` Allowed: ${bounds}.`}
      </p>
    </div>
  );
}
