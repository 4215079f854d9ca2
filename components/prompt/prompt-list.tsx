"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";

import type { PromptSummary } from "../../server/prompt/views";
import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { formatCount } from "../ui/format";
import { Panel } from "../ui/panel";
import { Failure, SkeletonRows } from "../ui/states";
import { TimeAgo } from "../ui/time";
import { promptKindLabels } from "./labels";
import { NewPromptDialog } from "./new-prompt-dialog";

/** All prompt templates; there always are the two that came with Archloom. */
export function PromptList() {
  const trpc = useTRPC();
  const router = useRouter();
  const prompts = useQuery(trpc.prompt.list.queryOptions());
  const [copied, setCopied] = useState<string | null>(null);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="text-xl font-semibold">Prompts</h1>
          <p className="max-w-prose text-ink-soft">
            What a language model is asked for. A saved version never changes: a run names the version it used.
          </p>
        </div>
        <Button look="solid" onClick={() => setCopied("instruct")}>
          <Plus aria-hidden className="size-4" />
          New template
        </Button>
      </header>
      <Panel title={`Templates${prompts.data === undefined ? "" : ` (${prompts.data.length})`}`} bodyClassName="p-0">
        {prompts.data !== undefined ? (
          <PromptTable prompts={prompts.data} onDuplicate={setCopied} />
        ) : prompts.isError ? (
          <Failure title="Templates could not be loaded" error={prompts.error} onRetry={() => void prompts.refetch()} className="m-4" />
        ) : (
          <SkeletonRows rows={3} label="Loading templates" />
        )}
      </Panel>
      <NewPromptDialog
        key={copied}
        from={copied ?? "instruct"}
        open={copied !== null}
        onOpenChange={(open) => {
          if (!open) setCopied(null);
        }}
        onMade={(name) => router.push(`/prompts/${name}`)}
      />
    </div>
  );
}

function PromptTable({ prompts, onDuplicate }: { prompts: readonly PromptSummary[]; onDuplicate: (name: string) => void }) {
  return (
    <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label="Templates">
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" className="max-sm:hidden">
              Kind
            </th>
            <th scope="col" className="number">
              Version
            </th>
            <th scope="col" className="number">
              Runs
            </th>
            <th scope="col" className="max-sm:hidden">
              Saved
            </th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {prompts.map((prompt) => (
            <tr key={prompt.name} className="hover:bg-sunken">
              <th scope="row" className="font-normal">
                <Link href={`/prompts/${prompt.name}`} className="font-mono text-accent hover:underline">
                  {prompt.name}
                </Link>
                {prompt.archived ? <span className="ml-2 text-ink-soft">archived</span> : null}
              </th>
              <td className="max-sm:hidden">{promptKindLabels[prompt.kind]}</td>
              <td className="number">{prompt.version}</td>
              <td className="number">{formatCount(prompt.runs)}</td>
              <td className="text-ink-soft max-sm:hidden">{prompt.builtin && prompt.version === 1 ? "came with Archloom" : <TimeAgo at={prompt.created_at} />}</td>
              <td>
                <button type="button" className="min-h-6 px-1 text-accent hover:underline" onClick={() => onDuplicate(prompt.name)}>
                  Duplicate<span className="sr-only"> {prompt.name}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
