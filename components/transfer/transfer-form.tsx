"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";

import type { RecipeView } from "../../server/recipe/views";
import type { TransferView } from "../../server/transfer/views";
import { useTRPC } from "../live/trpc";
import { toRecipeOptions } from "../run/field-options";
import { RecipeFacts } from "../run/recipe-facts";
import { Button } from "../ui/button";
import { formatDuration, plural } from "../ui/format";
import { Failure, Skeleton } from "../ui/states";
import { countLeft } from "./prepare-transfer";

const fieldClass = "min-h-8 rounded border border-edge-strong bg-panel px-2 py-1 font-normal aria-invalid:border-bad";

/** Which recipe, how many of the best winners, how long it will take, and Start. */
export function TransferForm({ view }: { view: TransferView }) {
  const trpc = useTRPC();
  const recipes = useQuery(trpc.recipe.list.queryOptions());
  const others = recipes.data?.filter(({ name }) => name !== view.recipe);
  if (others === undefined) {
    return recipes.isError ? <Failure title="Recipes could not be loaded" error={recipes.error} onRetry={() => void recipes.refetch()} /> : <Skeleton className="h-48" />;
  }
  const [first] = others;
  if (first === undefined) {
    return (
      <p className="text-ink-soft">
        {recipes.data?.length === 0 ? "No worker has said yet which recipes it knows. It does when it starts." : `Workers know no other recipe than ${view.recipe}.`}
      </p>
    );
  }
  return <Fields view={view} recipes={others} initial={others.find(({ data_state: state }) => state === "ready") ?? first} />;
}

interface FieldsProps {
  view: TransferView;
  recipes: RecipeView[];
  initial: RecipeView;
}

function Fields({ view, recipes, initial }: FieldsProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const id = useId();
  const [name, setName] = useState(initial.name);
  const [text, setText] = useState(String(Math.min(20, view.winners)));
  const recipe = recipes.find((one) => one.name === name) ?? initial;
  const wanted = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
  const fits = wanted >= 1 && wanted <= view.winners;
  const left = countLeft(view.transfers.find((one) => one.recipe === recipe.name), wanted);
  const start = useMutation(
    trpc.transfer.start.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.transfer.get.queryKey({ run: view.run }) }),
    }),
  );
  return (
    <form
      className="grid content-start gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (fits) start.mutate({ run: view.run, recipe: recipe.name, limit: wanted });
      }}
    >
      <div>
        <label htmlFor={`${id}-recipe`} className="block font-medium">
          Other recipe
        </label>
        <select
          id={`${id}-recipe`}
          value={recipe.name}
          onChange={(event) => {
            setName(event.target.value);
            start.reset();
          }}
          className={`${fieldClass} mt-1 w-full`}
        >
          {toRecipeOptions(recipes).map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <RecipeFacts key={recipe.name} recipe={recipe} />
      </div>
      <div>
        <label htmlFor={`${id}-best`} className="flex items-center justify-between gap-3 font-medium">
          Best winners
          <input
            id={`${id}-best`}
            value={text}
            inputMode="numeric"
            aria-invalid={!fits}
            aria-describedby={`${id}-help`}
            onChange={(event) => {
              setText(event.target.value);
              start.reset();
            }}
            className={`${fieldClass} w-24 text-right`}
          />
        </label>
        <p id={`${id}-help`} className={fits ? "mt-1 text-xs text-ink-soft" : "mt-1 text-xs text-bad"}>
          {fits ? toEstimate(recipe, left, view.slots) : `Must be a whole number from 1 to ${view.winners}.`}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button type="submit" look="solid" pending={start.isPending} disabled={!fits || left === 0 || recipe.data_state !== "ready"}>
          Start
        </Button>
        <span role="status" className="text-xs text-ink-soft">
          {start.data === undefined ? "" : start.data.queued === 0 ? "Nothing was left to evaluate." : `${plural(start.data.queued, "evaluation")} queued.`}
        </span>
      </div>
      {start.isError ? (
        <p role="alert" className="text-bad">
          {start.error.message}
        </p>
      ) : null}
    </form>
  );
}

/** Evaluations stand behind everything else, so this is the least it takes. */
function toEstimate({ name, typical_seconds: seconds }: RecipeView, left: number, slots: number): string {
  if (left === 0) return `These are evaluated under ${name}, or waiting for it.`;
  const time = formatDuration((left * seconds) / Math.min(left, Math.max(1, slots)));
  const where = slots === 0 ? "on one core; no worker is running" : `on ${plural(slots, "slot")}`;
  return `${plural(left, "evaluation")}, about ${time} ${where}. A graphics card is faster; whatever else is queued comes first.`;
}
