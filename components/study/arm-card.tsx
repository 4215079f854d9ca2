"use client";

import { Trash2 } from "lucide-react";
import { useId } from "react";

import type { FieldDescriptor } from "../../server/run/views";
import { ArmSwatch } from "../chart/arm-mark";
import type { Draft } from "../run/config-draft";
import type { FieldOption } from "../run/config-field";
import { ChangeList } from "./change-list";
import { type ArmDraft, dropPath, listPaths, setValue, showPath, type StudyPlan } from "./study-draft";

interface ArmCardProps {
  arm: ArmDraft;
  position: number;
  plan: StudyPlan["arms"][number];
  under: Draft;
  fields: readonly FieldDescriptor[];
  wrong: Record<string, string>;
  options: Record<string, FieldOption[] | undefined>;
  onChange: (arm: ArmDraft) => void;
  /** Undefined for the only arm. */
  onRemove: (() => void) | undefined;
}

/** One arm: its name, and what it does differently. */
export function ArmCard({ arm, position, plan, under, fields, wrong, options, onChange, onRemove }: ArmCardProps) {
  const id = useId();
  const paths = listPaths(arm, under);
  const label = arm.name.trim() === "" ? `arm ${position + 1}` : arm.name.trim();
  return (
    <li className="rounded border border-edge p-3">
      <div className="flex items-center gap-2">
        <ArmSwatch arm={position} />
        <label htmlFor={id} className="sr-only">
          Name of arm {position + 1}
        </label>
        <input
          id={id}
          value={arm.name}
          maxLength={60}
          autoComplete="off"
          aria-invalid={plan.nameProblem === null ? undefined : true}
          aria-describedby={`${id}-about`}
          onChange={(event) => onChange({ ...arm, name: event.target.value })}
          className="min-w-0 flex-1 rounded border border-edge-strong bg-panel px-2 py-1 font-medium aria-invalid:border-bad"
        />
        {onRemove === undefined ? null : (
          <button
            type="button"
            onClick={onRemove}
            aria-label={`Remove ${label}`}
            title="Remove this arm"
            className="flex size-7 shrink-0 items-center justify-center rounded text-ink-soft hover:bg-sunken hover:text-ink"
          >
            <Trash2 aria-hidden className="size-4" />
          </button>
        )}
      </div>
      <p id={`${id}-about`} className="mt-1 mb-2 text-xs text-ink-soft">
        {plan.nameProblem === null ? null : <span className="mr-1 font-semibold text-bad">{plan.nameProblem}</span>}
        {position === 0 ? "The reference: the other arms are compared with this one. " : ""}
        {plan.sameAs === null ? "" : <span className="font-semibold text-warn">The same as {plan.sameAs}: that shows noise, nothing else. </span>}
        {paths.length === 0 && position === 0 ? "As the base." : ""}
      </p>
      <ChangeList
        fields={fields}
        under={under}
        values={arm.values}
        paths={paths}
        wrong={wrong}
        options={options}
        label={label}
        onChange={(path, value) => onChange(setValue(arm, under, path, value))}
        onAdd={(path) => onChange(showPath(arm, path))}
        onRemove={(path) => onChange(dropPath(arm, path))}
      />
    </li>
  );
}
