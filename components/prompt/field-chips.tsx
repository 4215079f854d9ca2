"use client";

import { type PromptField, promptFields } from "../../server/contract/prompts";
import type { RecipeView } from "../../server/recipe/views";
import { formatCount } from "../ui/format";

const names = Object.keys(promptFields) as PromptField[];

/** The fields of a template: one click puts one where the caret is. With what each becomes for the chosen recipe. */
export function FieldChips({ recipe, wishes, onInsert }: { recipe: RecipeView | undefined; wishes: string; onInsert: (field: PromptField) => void }) {
  const values = toValues(recipe, wishes);
  return (
    <details className="group rounded border border-edge bg-panel" open>
      <summary className="min-h-8 px-3 py-1.5 font-medium">Fields, filled in for each run</summary>
      <ul className="grid gap-px border-t border-edge p-1.5 sm:grid-cols-2">
        {names.map((name) => (
          <li key={name}>
            <button
              type="button"
              // The caret stays where it is: the button takes no focus from the text.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onInsert(name)}
              className="grid w-full rounded px-1.5 py-1 text-left hover:bg-sunken"
            >
              <code className="font-mono text-[13px] text-accent">{`{{${name}}}`}</code>
              <span className="text-xs text-ink-soft">
                {promptFields[name]}
                {values === null ? "" : `: ${values[name]}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** As the worker fills them in. */
function toValues(recipe: RecipeView | undefined, wishes: string): Record<PromptField, string> | null {
  if (recipe === undefined) return null;
  const [channels, height, width] = recipe.in_shape;
  return {
    recipe: recipe.name,
    classes: String(recipe.classes),
    channels: String(channels),
    height: String(height),
    width: String(width),
    max_parameters: toLimit(recipe.parameters_limit),
    max_multiply_adds: toLimit(recipe.multiply_adds_limit),
    novelty_wishes: wishes === "" ? "none in particular" : wishes,
  };
}

const toLimit = (most: number | null): string => (most === null ? "any number of" : formatCount(most));
