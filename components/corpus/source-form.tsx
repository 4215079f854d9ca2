"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { RadioGroup } from "radix-ui";
import { type FormEvent, type ReactNode, useId, useState } from "react";

import { useTRPC } from "../live/trpc";
import { WorkerNotice } from "../run/worker-notice";
import { Button } from "../ui/button";
import { Panel } from "../ui/panel";
import { FilePicker } from "./file-picker";
import { UploadProgress } from "./upload-progress";
import { useUpload } from "./use-upload";

const sources = ["file", "nn-dataset", "run"] as const;

const sourceTexts: Record<(typeof sources)[number], { title: string; text: string }> = {
  file: { title: "A file", text: "Chat rows (.jsonl), networks with their statistics (.zip, .tar.gz), an ab.nn.db, or an Archloom export." },
  "nn-dataset": { title: "nn-dataset", text: "The LEMUR package of the worker's environment, where it is installed." },
  run: { title: "A run", text: "The winners of one of your runs." },
};

const box = "min-h-8 w-full rounded border border-edge-strong bg-panel px-2 py-1";

/** Which networks, which recipe they must build for, what counts as known. Sends a file and asks for its check. */
export function SourceForm({ onCheck }: { onCheck: (id: string) => void }) {
  const trpc = useTRPC();
  const [choice, setChoice] = useQueryStates(
    {
      source: parseAsStringLiteral(sources).withDefault("file"),
      run: parseAsString.withDefault(""),
      recipe: parseAsString.withDefault("digits"),
      base: parseAsString.withDefault(""),
    },
    { history: "replace" },
  );
  const [file, setFile] = useState<File | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const { upload, send, cancel, reset } = useUpload();
  const recipes = useQuery(trpc.recipe.list.queryOptions());
  const corpora = useQuery(trpc.corpus.list.queryOptions());
  const runs = useQuery({ ...trpc.run.list.queryOptions(), enabled: choice.source === "run" });
  const check = useMutation(trpc.corpus.check.mutationOptions({ onSuccess: ({ id }) => onCheck(id) }));
  const winners = runs.data?.filter((run) => run.winners > 0) ?? [];
  const run = choice.run === "" ? (winners[0]?.id ?? "") : choice.run;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setMissing(null);
    check.reset();
    const order = { recipe: choice.recipe, base_version: choice.base === "" ? null : choice.base };
    if (choice.source === "nn-dataset") return check.mutate({ source: { type: "nn_dataset" }, ...order });
    if (choice.source === "run") return run === "" ? setMissing("Choose a run that has winners.") : check.mutate({ source: { type: "run", run }, ...order });
    if (file === null) return setMissing("Choose a file first.");
    const stored = await send(file);
    if (stored !== null) check.mutate({ source: { type: "file", file: stored.id }, ...order });
  };

  const busy = upload.state === "sending" || check.isPending || check.isSuccess;
  return (
    <Panel title="What to import">
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
        <WorkerNotice />
        <RadioGroup.Root
          value={choice.source}
          onValueChange={(value) => {
            setMissing(null);
            void setChoice({ source: sources.find((one) => one === value) ?? null });
          }}
          aria-label="Source"
          className="grid gap-2 sm:grid-cols-3"
        >
          {sources.map((source) => (
            <RadioGroup.Item
              key={source}
              value={source}
              disabled={busy}
              className="flex flex-col items-start rounded border border-edge-strong p-3 text-left hover:bg-sunken data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft data-[state=checked]:outline data-[state=checked]:outline-accent"
            >
              <strong className="font-semibold">{sourceTexts[source].title}</strong>
              <span className="mt-1 text-xs text-ink-soft">{sourceTexts[source].text}</span>
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>

        {choice.source === "file" ? (
          <FilePicker
            file={file}
            disabled={busy}
            onChoose={(chosen) => {
              setMissing(null);
              reset();
              setFile(chosen);
            }}
          />
        ) : null}
        {choice.source === "run" ? (
          <Field label="Run" help={runs.data !== undefined && winners.length === 0 ? "No run has winners yet." : "Only runs that have winners."}>
            {(id) => (
              <select id={id} className={box} value={run} disabled={busy || winners.length === 0} onChange={(event) => void setChoice({ run: event.target.value })}>
                {runs.isError ? <option value="">Runs could not be loaded</option> : null}
                {winners.some((one) => one.id === run) || run === "" ? null : <option value={run}>{run}</option>}
                {winners.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.id} {one.name} ({one.winners} winners)
                  </option>
                ))}
              </select>
            )}
          </Field>
        ) : null}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Recipe" help="Each network must build for its images and classes.">
            {(id) => (
              <select id={id} className={box} value={choice.recipe} disabled={busy} onChange={(event) => void setChoice({ recipe: event.target.value })}>
                {recipes.data?.some((one) => one.name === choice.recipe) === true ? null : <option value={choice.recipe}>{choice.recipe}</option>}
                {recipes.data?.map((one) => (
                  <option key={one.name} value={one.name}>
                    {one.name} ({one.in_shape.join(" × ")}, {one.classes} classes)
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Base version" help="Copies of its entries are duplicates. Its entries come first in the new version.">
            {(id) => (
              <select id={id} className={box} value={choice.base} disabled={busy} onChange={(event) => void setChoice({ base: event.target.value })}>
                <option value="">None: only what is imported</option>
                {choice.base === "" || corpora.data?.some((one) => one.version === choice.base) === true ? null : <option value={choice.base}>{choice.base}</option>}
                {corpora.data
                  ?.filter((one) => one.state === "ready")
                  .map((one) => (
                    <option key={one.version} value={one.version}>
                      {one.version} ({one.entries} entries)
                    </option>
                  ))}
              </select>
            )}
          </Field>
        </div>

        {upload.state === "sending" ? <UploadProgress upload={upload} onCancel={cancel} /> : null}
        <Problem>{missing ?? (upload.state === "failed" ? upload.message : null) ?? check.error?.message ?? null}</Problem>
        <div className="flex justify-end">
          <Button type="submit" look="solid" pending={busy} className="min-h-9 px-6">
            {upload.state === "sending" ? "Sending…" : busy ? "Starting the check…" : "Check"}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Problem({ children }: { children: string | null }) {
  return children === null ? null : (
    <p role="alert" className="border-l-4 border-bad px-3 py-1 break-words">
      {children}
    </p>
  );
}

function Field({ label, help, children }: { label: string; help: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="mt-1">{children(id)}</div>
      <p className="mt-0.5 text-xs text-ink-soft">{help}</p>
    </div>
  );
}
