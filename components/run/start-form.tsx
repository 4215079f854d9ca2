"use client";

import { keepPreviousData, skipToken, useMutation, useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useId, useMemo, useRef, useState } from "react";

import type { RunConfig } from "../../server/contract/run-config";
import type { FieldDescriptor } from "../../server/run/views";
import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { useDebounced } from "../ui/use-debounced";
import { type Draft, labelOf, readDraft, toDraft } from "./config-draft";
import { ConfigField } from "./config-field";
import { formatRange } from "./prepare-stages";

const basic = ["seed", "cycles", "candidates_per_cycle", "fine_tuning"];
const groups = [
  { title: "Model, recipe and corpus", paths: /^(model|recipe|corpus_version|evaluation_seed)$/ },
  { title: "Generation", paths: /^generation\./ },
  { title: "Novelty", paths: /^novelty\./ },
  { title: "Selection", paths: /^selection\./ },
  { title: "Fine-tuning (LoRA)", paths: /^lora\./ },
];

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
  const { config, problems } = useMemo(() => readDraft(draft, fields), [draft, fields]);
  const start = useMutation(trpc.run.start.mutationOptions({ onSuccess: ({ id }) => router.push(`/runs/${id}`) }));
  const refused = start.error?.data?.field ?? null;

  const asked = useDebounced(config, 300);
  const estimate = useQuery({
    ...trpc.run.estimate.queryOptions(asked === null ? skipToken : { config: asked }),
    placeholderData: keepPreviousData,
  });

  const problemOf = (path: string): string | undefined =>
    problems?.[path] ?? (refused === path || refused === `config.${path}` ? start.error?.message : undefined);

  const show = (field: FieldDescriptor, label?: string) => (
    <ConfigField
      key={field.path}
      field={field}
      label={label}
      value={draft[field.path] ?? ""}
      changed={String(draft[field.path]) !== String(initial[field.path])}
      problem={problemOf(field.path)}
      onChange={(value) => {
        start.reset();
        setDraft((before) => ({ ...before, [field.path]: value }));
      }}
    />
  );

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (config === null) {
      // Opens the group that holds the first problem, and goes there.
      const first = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
      first?.closest("details")?.setAttribute("open", "");
      first?.focus();
      return;
    }
    start.mutate({ ...(source === null ? { preset } : { source_run: source }), config, ...(name.trim() === "" ? {} : { name: name.trim() }) });
  };

  const known = fields.map((field) => field.path);
  const unplaced = start.isError && !(refused !== null && known.some((path) => refused === path || refused === `config.${path}`));
  return (
    <form ref={form} noValidate onSubmit={submit} className="mt-4 grid gap-3">
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
      {fields.filter(({ path }) => basic.includes(path)).map((field) => show(field, field.path === "fine_tuning" ? "Fine-tuning" : undefined))}
      <div className="divide-y divide-edge border-y border-edge">
        {groups.map((group) => {
          const members = fields.filter(({ path }) => group.paths.test(path));
          const wrong = members.filter(({ path }) => problemOf(path) !== undefined).length;
          const changed = members.filter(({ path }) => String(draft[path]) !== String(initial[path])).length;
          return (
            <details key={group.title} className="group">
              <summary className="flex min-h-9 items-center justify-between gap-3 py-1 font-medium">
                <span className="flex items-center gap-1.5">
                  <ChevronRight aria-hidden className="size-4 text-ink-faint group-open:rotate-90" />
                  {group.title}
                </span>
                <span className="text-xs font-normal text-ink-soft">
                  {wrong > 0 ? <span className="font-semibold text-bad">{wrong} to correct</span> : changed > 0 ? `${changed} changed` : `${members.length} fields`}
                </span>
              </summary>
              <div className="grid gap-3 pt-1 pb-3">{members.map((field) => show(field))}</div>
            </details>
          );
        })}
      </div>
      {unplaced ? (
        <p role="alert" className="border-l-4 border-bad px-3 py-1">
          {start.error?.message}
        </p>
      ) : null}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-h-10 min-w-0 flex-1 text-xs text-ink-soft" aria-live="polite">
          {problems !== null ? (
            `${Object.keys(problems).map(labelOf).join(", ")}: please correct.`
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
        </p>
        <Button type="submit" look="solid" pending={start.isPending || start.isSuccess} className="min-h-9 px-6">
          {start.isPending || start.isSuccess ? "Starting…" : "Start"}
        </Button>
      </div>
    </form>
  );
}
