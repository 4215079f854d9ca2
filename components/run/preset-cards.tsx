"use client";

import { CircleAlert } from "lucide-react";
import { RadioGroup } from "radix-ui";

import type { RunPresets } from "../../server/run/views";
import { labelOf } from "./config-draft";

/** What a preset needs, in a word, by the field that says so. */
const needs: Record<string, string> = {
  recipe: "data",
  corpus_version: "corpus",
  "generation.quantization": "CUDA card",
  "prompt.template": "prompt template",
};

interface PresetCardsProps {
  presets: RunPresets["presets"];
  /** null = none: the form stands on an earlier run. */
  chosen: string | null;
  onChoose: (preset: string) => void;
}

export function PresetCards({ presets, chosen, onChoose }: PresetCardsProps) {
  return (
    <RadioGroup.Root value={chosen ?? ""} onValueChange={onChoose} aria-label="Preset" className="grid grid-cols-2 gap-2">
      {presets.map(({ name, description, config, missing }) => (
        <RadioGroup.Item
          key={name}
          value={name}
          className="flex flex-col items-start rounded border border-edge-strong p-3 text-left hover:bg-sunken data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft data-[state=checked]:outline data-[state=checked]:outline-accent"
        >
          <span className="flex w-full items-baseline justify-between gap-2">
            <strong className="font-semibold">{name}</strong>
            <span className="text-xs text-ink-soft">
              {config.cycles} × {config.candidates_per_cycle}
            </span>
          </span>
          <span className="mt-1 text-xs text-ink-soft">{description}</span>
          {missing.length === 0 ? null : (
            <span className="mt-1 flex items-baseline gap-1 text-xs font-medium text-warn">
              <CircleAlert aria-hidden className="size-3 shrink-0 self-center" />
              missing here: {missing.map(({ field }) => needs[field] ?? labelOf(field).toLowerCase()).join(", ")}
            </span>
          )}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
