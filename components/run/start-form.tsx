"use client";

import { keepPreviousData, skipToken, useMutation, useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useId, useMemo, useRef, useState } from "react";

import type { RunConfig } from "../../server/contract/run-config";
import type { FieldDescriptor } from "../../server/run/views";
import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { useDebounced } from "../ui/use-debounced";
import { changeDraft, type Draft, type DraftValue, labelOf, readDraft, toDraft } from "./config-draft";
import { ConfigField } from "./config-field";
import { basicPaths, configGroups } from "./config-groups";
import { toChoices } from "./field-options";
import { formatRange } from "./prepare-stages";
import { useConfigProblems } from "./use-config-problems";
import { useFieldExtras } from "./use-field-extras";

const labels: Record<string, string> = {
  fine_tuning: "Fine-tuning",
  server_url: "Address of the server",
  "generation.quantization": "4-bit weights",
  "prompt.template": "Template",
  "novelty.filter": "Refuse copies",
  "novelty.tests": "A copy is told by its",
  "loop.stop_on_collapse": "End the run on collapse",
};

interface StartFormProps {
  fields: FieldDescriptor[];
  base: RunConfig | undefined;
  source: string | null;
  preset: string;
}

/** Every field of a configuration: the few that matter first, the others by group; the time it will take before Start. */
export function StartForm({ fields, base, source, preset }: StartFormProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const nameId = useId();
  const initial = useMemo(() => (base === undefined ? {} : toDraft(base, fields)), [base, fields]);
  const [draft, setDraft] = useState<Draft>(initial);
  const [name, setName] = useState("");
  const read = useMemo(() => readDraft(draft, fields), [draft, fields]);
  const { config } = read;
  const start = useMutation(trpc.run.start.mutationOptions({ onSuccess: ({ id }) => router.push(`/runs/${id}`) }));
  const refused = start.error?.data?.field ?? null;

  const asked = useDebounced(config, 300);
  const estimate = useQuery({
    ...trpc.run.estimate.queryOptions(asked === null ? skipToken : { config: asked }),
    placeholderData: keepPreviousData,
  });
  const { wrong, warnings } = useConfigProblems(read, asked);
  const problemOf = (path: string): string | undefined =>
    wrong[path] ?? (refused === path || refused === `config.${path}` ? start.error?.message : undefined);
  const isChanged = (path: string): boolean => String(draft[path]) !== String(initial[path]);

  const change = (path: string, value: DraftValue): void => {
    start.reset();
    setDraft((before) => changeDraft(before, path, value));
  };
  /** Opens the group that holds a field, and goes there. */
  const goTo = (path: string | undefined): void => {
    const field = form.current?.querySelector<HTMLElement>(path === undefined ? "[aria-invalid=true]" : `[data-field="${path}"]`);
    field?.closest("details")?.setAttribute("open", "");
    field?.focus();
  };

  const { options, extras } = useFieldExtras(draft, config, change);
  const show = (path: string): ReactNode => {
    const field = fields.find((one) => one.path === path);
    if (field === undefined || (path === "server_url" && draft["backend"] !== "server" && draft[path] === "")) return null;
    return (
      <ConfigField
        key={path}
        field={field}
        label={labels[path]}
        value={draft[path] ?? ""}
        changed={isChanged(path)}
        problem={problemOf(path)}
        warning={warnings[path]}
        options={options[path] ?? toChoices(field)}
        long={path === "prompt.novelty_wishes"}
        onChange={(value) => change(path, value)}
      >
        {extras[path]}
      </ConfigField>
    );
  };

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (config === null || Object.keys(wrong).length > 0) goTo(undefined);
    else start.mutate({ ...(source === null ? { preset } : { source_run: source }), config, ...(name.trim() === "" ? {} : { name: name.trim() }) });
  };

  const known = fields.map((field) => field.path);
  const unplaced = start.isError && !(refused !== null && known.some((path) => refused === path || refused === `config.${path}`));
  const wrongPaths = Object.keys(wrong);
  return (
    // What has the focus is never hidden below the foot, which stays in sight.
    <form ref={form} noValidate onSubmit={submit} className="mt-4 grid gap-3 [&_:is(input,select,textarea,button,summary)]:scroll-mb-32">
      <div className="grid grid-cols-[1fr_12rem] items-center gap-3">
        <label htmlFor={nameId} className="font-medium">
          Name <span className="font-normal text-ink-soft">(optional)</span>
        </label>
        <input
          id={nameId}
          value={name}
          maxLength={120}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
          className="w-full rounded border border-edge-strong bg-panel px-2 py-1"
        />
      </div>
      {basicPaths.map(show)}
      <div className="divide-y divide-edge border-t border-edge">
        {configGroups.map(({ title, about, paths }) => {
          const count = paths.filter((path) => problemOf(path) !== undefined).length;
          const changed = paths.filter(isChanged).length;
          return (
            <details key={title} className="group">
              <summary className="flex min-h-9 items-center justify-between gap-3 py-1 font-medium">
                <span className="flex items-center gap-1.5">
                  <ChevronRight aria-hidden className="size-4 text-ink-faint group-open:rotate-90" />
                  {title}
                </span>
                <span className="min-w-0 truncate text-xs font-normal text-ink-soft">
                  {count > 0 ? <span className="font-semibold text-bad">{count} to correct</span> : changed > 0 ? `${changed} changed` : sayGroup(title, draft)}
                </span>
              </summary>
              <div className="grid gap-3 pt-1 pb-3">
                <p className="text-xs text-ink-soft">{about}</p>
                {paths.map(show)}
              </div>
            </details>
          );
        })}
      </div>
      {unplaced ? (
        <p role="alert" className="border-l-4 border-bad px-3 py-1">
          {start.error?.message}
        </p>
      ) : null}
      <div className="sticky bottom-0 z-10 -mx-4 -mb-4 flex items-center justify-between gap-3 rounded-b border-t border-edge bg-panel px-4 py-3">
        <div className="max-h-36 min-h-10 min-w-0 flex-1 overflow-y-auto text-xs text-ink-soft" aria-live="polite">
          {wrongPaths.length > 0 ? (
            <>
              <strong className="block text-sm font-semibold text-ink">Before it can start:</strong>
              {wrongPaths.map((path) => (
                <button key={path} type="button" className="block min-h-6 text-left text-bad underline underline-offset-2" onClick={() => goTo(path)}>
                  {labels[path] ?? labelOf(path)}: {wrong[path] ?? ""}
                </button>
              ))}
            </>
          ) : estimate.data === undefined ? (
            estimate.isError ? "No estimate of the time." : "Estimating the time…"
          ) : estimate.data === null ? (
            "How long it takes is not known: nothing like it has been measured on this machine."
          ) : (
            <>
              <strong className="block text-sm font-semibold text-ink">About {formatRange(estimate.data)}</strong>
              {estimate.data.basis}
            </>
          )}
        </div>
        <Button type="submit" look="solid" pending={start.isPending || start.isSuccess} className="min-h-9 px-6">
          {start.isPending || start.isSuccess ? "Starting…" : "Start"}
        </Button>
      </div>
    </form>
  );
}

/** The one value that says most of a closed group. */
function sayGroup(title: string, draft: Draft): string {
  const path = { Model: "model", Prompt: "prompt.template", Recipe: "recipe", Corpus: "corpus_version" }[title];
  return path === undefined ? "" : String(draft[path] ?? "");
}
