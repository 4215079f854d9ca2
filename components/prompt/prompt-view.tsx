"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Archive, ArchiveRestore, Copy } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { parseAsInteger, useQueryState } from "nuqs";
import { useState } from "react";

import type { PromptDetail } from "../../server/prompt/views";
import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { plural } from "../ui/format";
import { Failure, Skeleton } from "../ui/states";
import { promptKindLabels } from "./labels";
import { NewPromptDialog } from "./new-prompt-dialog";
import { PromptEditor } from "./prompt-editor";
import { PromptVersions } from "./prompt-versions";

/** One template: its newest (or the chosen) version to edit, what a model would be sent, and all versions. */
export function PromptView({ name }: { name: string }) {
  const trpc = useTRPC();
  const prompt = useQuery(trpc.prompt.get.queryOptions({ name }));
  const [chosen, setChosen] = useQueryState("version", parseAsInteger.withOptions({ history: "push" }));

  if (prompt.data === undefined) {
    return prompt.isError ? (
      <Failure title={`${name} could not be loaded`} error={prompt.error} onRetry={() => void prompt.refetch()} />
    ) : (
      <PromptSkeleton />
    );
  }
  const { versions } = prompt.data;
  const [newest] = versions;
  const version = versions.find((one) => one.version === chosen) ?? newest;
  if (newest === undefined || version === undefined) return null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <PromptHeader prompt={prompt.data} />
      <PromptEditor
        key={version.id}
        name={name}
        version={version}
        newest={newest.version}
        onSaved={() => void setChosen(null)}
      />
      <PromptVersions prompt={prompt.data} shown={version} onShow={(number) => void setChosen(number === newest.version ? null : number)} />
    </div>
  );
}

function PromptHeader({ prompt }: { prompt: PromptDetail }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const [duplicating, setDuplicating] = useState(false);
  const stored = {
    onSuccess: async (detail: PromptDetail) => {
      queries.setQueryData(trpc.prompt.get.queryKey({ name: detail.name }), detail);
      await queries.invalidateQueries({ queryKey: trpc.prompt.list.queryKey() });
    },
  };
  const archive = useMutation(trpc.prompt.archive.mutationOptions(stored));
  const restore = useMutation(trpc.prompt.restore.mutationOptions(stored));
  const own = prompt.versions.filter((version) => !version.builtin);
  const away = own.length > 0 && own.every((version) => version.archived);
  const failed = archive.error ?? restore.error;
  const runs = prompt.versions.reduce((sum, version) => sum + version.run_count, 0);
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <p className="text-xs text-ink-soft">
          <Link href="/prompts" className="hover:underline">
            Prompts
          </Link>{" "}
          / <span className="font-mono">{prompt.name}</span>
        </p>
        <h1 className="font-mono text-xl font-semibold break-words">{prompt.name}</h1>
        <p className="mt-0.5 text-ink-soft">
          {promptKindLabels[prompt.kind]} · {plural(prompt.versions.length, "version")} · {runs === 0 ? "used by no run yet" : `used by ${plural(runs, "run")}`}
          {prompt.archived ? " · archived: no longer offered to new runs" : away ? " · all but the version that came with Archloom are archived" : ""}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setDuplicating(true)}>
          <Copy aria-hidden className="size-4" />
          Duplicate
        </Button>
        {own.length === 0 ? null : away ? (
          <Button pending={restore.isPending} onClick={() => restore.mutate({ name: prompt.name })}>
            <ArchiveRestore aria-hidden className="size-4" />
            Restore
          </Button>
        ) : (
          <Button pending={archive.isPending} onClick={() => archive.mutate({ name: prompt.name })} title="Takes it off the list for new runs. Runs that used it keep it.">
            <Archive aria-hidden className="size-4" />
            Archive
          </Button>
        )}
      </div>
      {failed === null ? null : (
        <p role="alert" className="w-full text-bad">
          {failed.message}
        </p>
      )}
      <NewPromptDialog
        key={String(duplicating)}
        from={prompt.name}
        open={duplicating}
        onOpenChange={setDuplicating}
        onMade={(name) => router.push(`/prompts/${name}`)}
      />
    </header>
  );
}

function PromptSkeleton() {
  return (
    <div role="status" aria-label="Loading template" className="grid gap-4">
      <Skeleton className="h-16" />
      <div className="grid gap-4 lg:grid-cols-2">
        <Skeleton className="h-96" />
        <Skeleton className="h-96" />
      </div>
      <Skeleton className="h-32" />
    </div>
  );
}
