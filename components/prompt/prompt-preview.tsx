"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import type { Backend, PromptKind } from "../../server/contract/words";
import type { RecipeView } from "../../server/recipe/views";
import { useTRPC } from "../live/trpc";
import { backendLabels } from "../run/labels";
import { TaskProgress } from "../task/task-progress";
import { useTask } from "../task/use-task";
import { Button } from "../ui/button";
import { Panel } from "../ui/panel";
import type { PromptDraft } from "./drafts";
import { TokenView } from "./token-view";

interface PromptPreviewProps {
  kind: PromptKind;
  draft: PromptDraft;
  /** The texts cannot be filled in as they are. */
  broken: boolean;
  recipes: readonly RecipeView[];
  recipe: string;
  onRecipe: (name: string) => void;
  wishes: string;
  onWishes: (wishes: string) => void;
}

const box = "w-full rounded border border-edge-strong bg-panel px-2 py-1 font-normal";
const asked = ["transformers", "server"] as const satisfies readonly Backend[];

/** The exact text and tokens that a model would be sent, worked out by a worker, which has the tokenizers. */
export function PromptPreview({ kind, draft, broken, recipes, recipe, onRecipe, wishes, onWishes }: PromptPreviewProps) {
  const trpc = useTRPC();
  const [backend, setBackend] = useState<(typeof asked)[number]>("transformers");
  const [model, setModel] = useState("starter");
  const [address, setAddress] = useState("");
  const input = {
    backend,
    model: model.trim(),
    server_url: backend === "server" ? address.trim() : "",
    quantization: "auto" as const,
    kind,
    ...draft,
    recipe,
    novelty_wishes: wishes,
  };
  const open = useMutation(trpc.prompt.preview.mutationOptions());
  const watched = useTask(open.data?.id ?? null);
  const { task } = watched;
  const result = task?.kind === "preview_prompt" ? task.result : null;
  const stale = JSON.stringify(open.variables) !== JSON.stringify(input);
  const working = open.isPending || (open.data !== undefined && (task === undefined || task.state === "queued" || task.state === "running"));
  const names = recipes.some(({ name }) => name === recipe) ? recipes.map(({ name }) => name) : [recipe, ...recipes.map(({ name }) => name)];
  return (
    <Panel title="What a model is sent" label="Preview">
      <form
        className="grid gap-3 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (!broken && input.model !== "") open.mutate(input);
        }}
      >
        <label className="grid content-start gap-1 font-medium">
          Written by
          <select value={backend} onChange={(event) => setBackend(asked.find((one) => one === event.target.value) ?? "transformers")} className={box}>
            {asked.map((one) => (
              <option key={one} value={one}>
                {backendLabels[one]}
              </option>
            ))}
          </select>
        </label>
        <label className="grid content-start gap-1 font-medium">
          Model
          <input value={model} maxLength={500} autoComplete="off" spellCheck={false} onChange={(event) => setModel(event.target.value)} className={`${box} font-mono text-[13px]`} />
          <span className="text-xs font-normal text-ink-soft">starter, a Hugging Face name, a local folder or a .gguf file</span>
        </label>
        {backend === "server" ? (
          <label className="grid content-start gap-1 font-medium">
            Address of the server
            <input value={address} maxLength={500} placeholder="http://127.0.0.1:8000/v1" autoComplete="off" spellCheck={false} onChange={(event) => setAddress(event.target.value)} className={`${box} font-mono text-[13px]`} />
          </label>
        ) : null}
        <label className="grid content-start gap-1 font-medium">
          Recipe
          <select value={recipe} onChange={(event) => onRecipe(event.target.value)} className={box}>
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label className="grid gap-1 font-medium sm:col-span-2">
          Novelty wishes
          <textarea value={wishes} maxLength={2000} rows={2} onChange={(event) => onWishes(event.target.value)} className={box} />
        </label>
        <div className="flex flex-wrap items-center justify-between gap-2 sm:col-span-2">
          <p className="min-w-0 text-xs text-ink-soft" aria-live="polite">
            {broken ? "First correct what is marked in the text." : result !== null && stale ? "Something changed since: this is from before." : ""}
          </p>
          <Button type="submit" look="solid" pending={working} disabled={broken || input.model === ""}>
            {working ? "Asking…" : "Preview"}
          </Button>
        </div>
      </form>
      {open.isError ? (
        <p role="alert" className="mt-3 border-l-4 border-bad px-3 py-1">
          {open.error.message}
        </p>
      ) : null}
      <div className="mt-4 min-h-48 border-t border-edge pt-3">
        {result !== null ? (
          <TokenView key={task?.id} preview={result} />
        ) : open.data === undefined ? (
          <p className="text-ink-soft">Preview the text as it stands, saved or not: fields filled in, in the model's own chat format, split into its tokens.</p>
        ) : (
          <TaskProgress watched={watched} className="border-0 p-0" />
        )}
      </div>
    </Panel>
  );
}
