"use client";

import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";

import { promptNameSchema } from "../../server/contract/ids";
import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { promptKindLabels, promptKindSentences } from "./labels";

interface NewPromptDialogProps {
  /** The template whose newest version the new one begins with. */
  from: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onMade: (name: string) => void;
}

const box = "w-full rounded border border-edge-strong bg-panel px-2 py-1.5 font-normal aria-invalid:border-bad";

/** Makes version 1 of a new template out of another one's newest text. */
export function NewPromptDialog({ from, open, onOpenChange, onMade }: NewPromptDialogProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const id = useId();
  const [source, setSource] = useState(from);
  const [name, setName] = useState("");
  const prompts = useQuery({ ...trpc.prompt.list.queryOptions(), enabled: open });
  const original = useQuery(trpc.prompt.get.queryOptions(open ? { name: source } : skipToken));
  const newest = original.data?.versions[0];
  const save = useMutation(
    trpc.prompt.save.mutationOptions({
      onSuccess: async (saved) => {
        await queries.invalidateQueries({ queryKey: trpc.prompt.list.queryKey() });
        onOpenChange(false);
        onMade(saved.name);
      },
    }),
  );
  const form = promptNameSchema.safeParse(name);
  const problem = name === "" || form.success ? save.error?.message : form.error.issues[0]?.message;
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New prompt template" description="It begins as a copy of another one; edit it on its page.">
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!form.success || newest === undefined) return;
          const { kind, system, text } = newest;
          save.mutate({ name, kind, system, text, base_version: null });
        }}
      >
        <label className="grid gap-1 font-medium">
          Name
          <input
            value={name}
            maxLength={40}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={problem !== undefined || undefined}
            aria-describedby={`${id}-name`}
            onChange={(event) => {
              save.reset();
              setName(event.target.value);
            }}
            className={`${box} font-mono`}
          />
        </label>
        <p id={`${id}-name`} aria-live="polite" className={problem === undefined ? "-mt-2 text-xs text-ink-soft" : "-mt-2 text-xs text-bad"}>
          {problem ?? "Small letters, digits, dots and dashes. It stays: runs name it."}
        </p>
        <label className="grid gap-1 font-medium">
          Begin with
          <select value={source} onChange={(event) => setSource(event.target.value)} className={box}>
            {(prompts.data ?? [{ name: from, kind: null }]).map((one) => (
              <option key={one.name} value={one.name}>
                {one.name}
                {one.kind === null ? "" : ` (${promptKindLabels[one.kind]})`}
              </option>
            ))}
          </select>
        </label>
        <p className="-mt-2 min-h-8 text-xs text-ink-soft">{newest === undefined ? (original.error?.message ?? "") : promptKindSentences[newest.kind]}</p>
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Not now</Button>
          <Button type="submit" look="solid" pending={save.isPending} disabled={!form.success || newest === undefined}>
            Make it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
