"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";

import { corpusVersionSchema } from "../../server/contract/ids";
import type { CorpusCheckView } from "../../server/corpus/views";
import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { plural } from "../ui/format";
import { Panel } from "../ui/panel";

const box = "mt-1 w-full rounded border border-edge-strong bg-panel px-2 py-1.5 aria-invalid:border-bad";

/** Names what was accepted and has it imported. */
export function ImportForm({ check, onImport }: { check: CorpusCheckView; onImport: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [version, setVersion] = useState(() => suggestVersion(check.source));
  const [description, setDescription] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const start = useMutation(
    trpc.corpus.import.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.corpus.list.queryKey() });
        onImport();
      },
    }),
  );
  const refused = problem ?? start.error?.message ?? null;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const parsed = corpusVersionSchema.safeParse(version.trim());
    setProblem(parsed.success ? null : (parsed.error.issues[0]?.message ?? "The name is not valid."));
    if (parsed.success) start.mutate({ check: check.task.id, version: parsed.data, description: description.trim() });
  };

  return (
    <Panel title={`Import ${plural(check.counts.accepted, "accepted entry", "accepted entries")}`}>
      <form onSubmit={submit} noValidate className="grid gap-3 sm:grid-cols-[16rem_1fr_auto] sm:items-start">
        <div>
          <label htmlFor={`${id}-version`} className="font-medium">
            Version
          </label>
          <input
            id={`${id}-version`}
            value={version}
            maxLength={40}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={refused !== null}
            aria-describedby={`${id}-help`}
            onChange={(event) => {
              setVersion(event.target.value);
              setProblem(null);
              start.reset();
            }}
            className={`${box} font-mono`}
          />
          <p id={`${id}-help`} className="mt-0.5 text-xs text-ink-soft">
            Runs name it. Small letters, digits, dots and dashes.
          </p>
        </div>
        <div>
          <label htmlFor={`${id}-description`} className="font-medium">
            Description <span className="font-normal text-ink-soft">(optional)</span>
          </label>
          <input id={`${id}-description`} value={description} maxLength={500} autoComplete="off" onChange={(event) => setDescription(event.target.value)} className={box} />
          <p className="mt-0.5 text-xs text-ink-soft">
            {check.base_version === null ? "" : `The entries of ${check.base_version} come first. `}
            Families are found, and whole families go to training, validation or test (80 / 10 / 10).
          </p>
        </div>
        <Button type="submit" look="solid" pending={start.isPending || start.isSuccess} className="min-h-9 px-6 sm:mt-6">
          {start.isPending || start.isSuccess ? "Starting…" : "Import"}
        </Button>
        {refused === null ? null : (
          <p role="alert" className="border-l-4 border-bad px-3 break-words sm:col-span-3">
            {refused}
          </p>
        )}
      </form>
    </Panel>
  );
}

/** A name of the right form, made from the source's: `Real networks.tar.gz` gives `real-networks`. */
const suggestVersion = (source: string): string =>
  source
    .toLowerCase()
    .replace(/(\.(jsonl|ndjson|json|zip|tar|gz|tgz|py))+$/, "")
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
    .slice(0, 40);
