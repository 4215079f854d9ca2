"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import type { RecipeView } from "../../server/recipe/views";
import { useTRPC } from "../live/trpc";
import { TaskProgress } from "../task/task-progress";
import { useTask } from "../task/use-task";
import { Button } from "../ui/button";
import { formatCount, formatSeconds } from "../ui/format";

/** What the chosen recipe asks of a program, and whether its data are there; fetches them where they are not. */
export function RecipeFacts({ recipe }: { recipe: RecipeView }) {
  const [channels, height, width] = recipe.in_shape;
  const limits = [
    recipe.parameters_limit === null ? null : `at most ${formatCount(recipe.parameters_limit)} parameters`,
    recipe.multiply_adds_limit === null ? null : `at most ${formatCount(recipe.multiply_adds_limit)} multiply-adds an image`,
  ].filter((limit) => limit !== null);
  return (
    <div className="mt-1 grid gap-2 text-xs">
      <p>
        {recipe.description} Images of {channels} × {height} × {width}, {recipe.classes} classes, batches of {recipe.batch_size}
        {limits.length === 0 ? "" : `, ${limits.join(" and ")}`}. An ordinary program takes about {formatSeconds(recipe.typical_seconds)} of one core.
      </p>
      {recipe.dataset === null ? null : <RecipeData dataset={recipe.dataset} recipe={recipe} />}
    </div>
  );
}

function RecipeData({ dataset, recipe }: { dataset: string; recipe: RecipeView }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const fetch = useMutation(trpc.data.fetch.mutationOptions());
  // One that somebody else, or this page before it was loaded again, has started is watched too.
  const watched = useTask(fetch.data?.id ?? recipe.fetch_task);
  const state = watched.task?.state;
  const ended = state === "done" || state === "failed" || state === "cancelled";
  useEffect(() => {
    if (!ended) return;
    void queries.invalidateQueries({ queryKey: trpc.recipe.list.queryKey() });
    void queries.invalidateQueries({ queryKey: trpc.run.presets.queryKey() });
    void queries.invalidateQueries(trpc.run.check.pathFilter());
  }, [ended, queries, trpc]);
  const ready = recipe.data_state === "ready";
  return (
    <div className="grid gap-2">
      {watched.task === undefined || (ready && ended) ? null : (
        <TaskProgress watched={watched} title={`Fetching ${dataset}`} className="p-3" remedy="What has arrived is kept: fetching again goes on from there." />
      )}
      <p className={ready ? "text-ink-soft" : "text-warn"}>
        Data: {dataset} {ready ? "is here" : `is ${recipe.data_state}`}
        {recipe.data_detail === null ? "." : <span className="text-ink-soft">. {recipe.data_detail}</span>}
      </p>
      {ready || state === "queued" || state === "running" ? null : (
        <p>
          <Button pending={fetch.isPending} onClick={() => fetch.mutate({ dataset })}>
            Fetch data
          </Button>
        </p>
      )}
      {fetch.isError ? (
        <p role="alert" className="text-bad">
          {fetch.error.message}
        </p>
      ) : null}
    </div>
  );
}
