"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { findUnknownPromptFields, type PromptField } from "../../server/contract/prompts";
import type { PromptVersion } from "../../server/prompt/views";
import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { useDraft } from "./drafts";
import { FieldChips } from "./field-chips";
import { promptKindSentences } from "./labels";
import { PromptPreview } from "./prompt-preview";
import { TemplateField } from "./template-field";

interface PromptEditorProps {
  name: string;
  /** The version that is edited; saving makes the one after `newest`. */
  version: PromptVersion;
  newest: number;
  onSaved: () => void;
}

/** The texts of one version, and beside them what a model would be sent. */
export function PromptEditor({ name, version, newest, onSaved }: PromptEditorProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { kind } = version;
  const { draft, changed, set, discard, forget } = useDraft(version.id, { system: version.system, text: version.text });
  const systemArea = useRef<HTMLTextAreaElement>(null);
  const textArea = useRef<HTMLTextAreaElement>(null);
  const [focused, setFocused] = useState<"system" | "text">("text");
  const [recipeName, setRecipeName] = useState("digits");
  const [wishes, setWishes] = useState("");
  const recipes = useQuery(trpc.recipe.list.queryOptions());

  const save = useMutation(
    trpc.prompt.save.mutationOptions({
      onSuccess: async () => {
        forget();
        await Promise.all([
          queries.invalidateQueries({ queryKey: trpc.prompt.get.queryKey({ name }) }),
          queries.invalidateQueries({ queryKey: trpc.prompt.list.queryKey() }),
        ]);
        onSaved();
      },
      // Somebody else may have saved: what there is now is looked at before another try.
      onError: () => queries.invalidateQueries({ queryKey: trpc.prompt.get.queryKey({ name }) }),
    }),
  );
  const refused = save.error?.data?.field ?? null;
  const edit = (part: "system" | "text", value: string): void => {
    save.reset();
    set({ ...draft, [part]: value });
  };
  const insert = (field: PromptField): void => {
    const area = focused === "system" ? systemArea.current : textArea.current;
    if (area === null) return;
    area.focus();
    // The only way that keeps the browser's undo; it types, so the text changes as by hand.
    if (!document.execCommand("insertText", false, `{{${field}}}`)) {
      edit(focused, draft[focused].slice(0, area.selectionStart) + `{{${field}}}` + draft[focused].slice(area.selectionEnd));
    }
  };
  const broken = findUnknownPromptFields(draft.system).length + findUnknownPromptFields(draft.text).length > 0 || draft.text.trim() === "";
  // A version that is not the newest may be saved again unchanged: that brings it back.
  const worthSaving = changed || version.version !== newest;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <section aria-label={`Text of ${version.id}`} className="grid min-w-0 gap-3 rounded border border-edge bg-panel p-4">
        <div className="flex flex-wrap items-baseline justify-between gap-2">
          <h2 className="font-semibold">
            <span className="font-mono">{version.id}</span>
            {changed ? <span className="ml-2 font-normal text-accent">edited</span> : version.version === newest ? null : <span className="ml-2 font-normal text-ink-soft">an earlier version</span>}
          </h2>
          <p className="text-xs text-ink-soft">{promptKindSentences[kind]}</p>
        </div>
        {kind === "chat" ? (
          <TemplateField
            label="System message"
            hint="Who the model is. May be empty."
            value={draft.system}
            onChange={(value) => edit("system", value)}
            area={systemArea}
            onFocus={() => setFocused("system")}
            problem={refused === "system" ? save.error?.message : undefined}
          />
        ) : null}
        <TemplateField
          label={kind === "chat" ? "User message" : "Text"}
          hint={kind === "chat" ? "What the model is asked for." : "What every program begins with; the model goes on from its last character."}
          value={draft.text}
          onChange={(value) => edit("text", value)}
          area={textArea}
          onFocus={() => setFocused("text")}
          problem={refused === "text" ? save.error?.message : draft.text.trim() === "" ? "It is empty, so the model would be asked for nothing." : undefined}
        />
        {save.isError && refused !== "text" && refused !== "system" ? (
          <p role="alert" className="border-l-4 border-bad px-3 py-1">
            {save.error.message}
          </p>
        ) : null}
        <div className="flex flex-wrap items-center justify-end gap-2">
          <p className="mr-auto text-xs text-ink-soft">{worthSaving ? "" : "Nothing to save: this is the newest version as it is."}</p>
          {changed ? <Button onClick={discard}>Discard changes</Button> : null}
          <Button
            look="solid"
            pending={save.isPending}
            disabled={broken || !worthSaving}
            onClick={() => save.mutate({ name, kind, ...draft, base_version: newest })}
          >
            Save as version {newest + 1}
          </Button>
        </div>
        <FieldChips recipe={recipes.data?.find((recipe) => recipe.name === recipeName)} wishes={wishes} onInsert={insert} />
      </section>
      <PromptPreview
        kind={kind}
        draft={draft}
        broken={broken}
        recipes={recipes.data ?? []}
        recipe={recipeName}
        onRecipe={setRecipeName}
        wishes={wishes}
        onWishes={setWishes}
      />
    </div>
  );
}
