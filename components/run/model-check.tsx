"use client";

import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";

import type { RunConfig } from "../../server/contract/run-config";
import type { ModelCheck as Found } from "../../server/contract/tasks";
import { useTRPC } from "../live/trpc";
import { TaskProgress } from "../task/task-progress";
import { isOpen, useTask } from "../task/use-task";
import { Button } from "../ui/button";
import { formatBytes, formatCount } from "../ui/format";

interface ModelCheckProps {
  /** Null while a field is wrong. */
  config: RunConfig | null;
  onTargets: (modules: string[]) => void;
}

/** Asks a worker what the model is, and whether it fits, before anything is started with it. */
export function ModelCheck({ config, onTargets }: ModelCheckProps) {
  const trpc = useTRPC();
  const open = useMutation(trpc.model.check.mutationOptions());
  const watched = useTask(open.data?.id ?? null);
  const { task } = watched;
  const input = config === null ? null : toInput(config);
  const stale = open.variables !== undefined && JSON.stringify(open.variables) !== JSON.stringify(input);
  const working = open.isPending || (task !== undefined && isOpen(task));
  const found = task?.kind === "check_model" ? task.result : null;
  if (config?.backend === "grammar") return null;
  return (
    <div className="mt-2 grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button
          pending={working}
          disabled={input === null}
          onClick={() => {
            if (input !== null) open.mutate(input);
          }}
        >
          {working ? "Checking…" : "Check model"}
        </Button>
        {stale && !working ? <p className="text-xs text-ink-soft">Something changed since: what follows is from before.</p> : null}
      </div>
      {open.isError ? (
        <p role="alert" className="text-xs text-bad">
          {open.error.message}
        </p>
      ) : null}
      {found !== null ? <Facts found={found} onTargets={onTargets} /> : open.data === undefined ? null : <TaskProgress watched={watched} className="p-3" />}
    </div>
  );
}

const toInput = ({ backend, model, server_url, fine_tuning, generation, lora }: RunConfig) => ({
  backend,
  model,
  server_url,
  fine_tuning,
  generation: { quantization: generation.quantization, batch_size: generation.batch_size, max_new_tokens: generation.max_new_tokens },
  lora: { rank: lora.rank, target_modules: lora.target_modules, batch_size: lora.batch_size },
});

function Facts({ found, onTargets }: { found: Found; onTargets: (modules: string[]) => void }) {
  const { adapter_target_modules: modules } = found;
  return (
    <div role="status" className={found.fits ? "rounded border border-edge p-3" : "rounded border border-bad p-3"}>
      <p className="font-medium">{found.sentence}</p>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs">
        <Fact label="Architecture">{found.architecture}</Fact>
        <Fact label="Parameters">{found.parameters === null ? null : formatCount(found.parameters)}</Fact>
        <Fact label="Context">{found.context_tokens === null ? null : `${formatCount(found.context_tokens)} tokens`}</Fact>
        <Fact label="Vocabulary">{found.vocabulary === null ? null : formatCount(found.vocabulary)}</Fact>
        <Fact label="Chat format">{found.has_chat_template === null ? null : found.has_chat_template ? "has one" : "none: give it a plain template"}</Fact>
        <Fact label="Weights">{found.dtype}</Fact>
        <Fact label="Memory needed">{found.needed_bytes === null ? null : `about ${formatBytes(found.needed_bytes)}`}</Fact>
        <Fact label="Memory there">
          {found.available_bytes === null ? null : `${formatBytes(found.available_bytes)}${found.device === null ? "" : ` on ${found.device}`}`}
        </Fact>
        <Fact label="Layers">{modules.length === 0 ? null : <span className="font-mono break-words">{modules.join(", ")}</span>}</Fact>
      </dl>
      {modules.length === 0 ? null : (
        <button type="button" className="mt-2 min-h-6 text-xs text-accent underline underline-offset-2" onClick={() => onTargets(modules)}>
          Put the adapter on these layers
        </button>
      )}
    </div>
  );
}

/** What is not known is left out. */
function Fact({ label, children }: { label: string; children: ReactNode }) {
  if (children === null) return null;
  return (
    <>
      <dt className="text-ink-soft">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
