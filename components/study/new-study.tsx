"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";

import { runIdSchema } from "../../server/contract/ids";
import { isPresetName, type PresetName, presets as allPresets } from "../../server/contract/presets";
import { useTRPC } from "../live/trpc";
import { PresetCards } from "../run/preset-cards";
import { WorkerNotice } from "../run/worker-notice";
import { DocumentTitle } from "../shell/document-title";
import { Panel } from "../ui/panel";
import { Failure, Skeleton } from "../ui/states";
import { emptyStudy } from "./study-draft";
import { StudyForm } from "./study-form";

const presetNames = Object.keys(allPresets) as PresetName[];

/** The page that starts a study: from a preset, or from a run (`?from=R3`). What was typed stays when that is changed. */
export function NewStudy() {
  const trpc = useTRPC();
  const [choice, setChoice] = useQueryStates(
    { from: parseAsString, preset: parseAsStringLiteral(presetNames).withDefault("starter") },
    { history: "replace" },
  );
  const [draft, setDraft] = useState(emptyStudy);
  const from = choice.from !== null && runIdSchema.safeParse(choice.from).success ? choice.from : null;
  const presets = useQuery(trpc.run.presets.queryOptions());
  const source = useQuery(trpc.run.get.queryOptions(from === null ? skipToken : { id: from }));
  const config = (from === null ? undefined : source.data?.config) ?? presets.data?.presets.find(({ name }) => name === choice.preset)?.config;

  return (
    <div className="grid gap-4">
      <DocumentTitle title="New study" />
      <header>
        <p className="text-xs text-ink-soft">
          <Link href="/studies" className="hover:underline">
            Studies
          </Link>{" "}
          / new
        </p>
        <h1 className="text-xl font-semibold">New study</h1>
        <p className="mt-0.5 max-w-prose text-ink-soft">
          Several arms, each a change of the same configuration, times several seeds: what makes a difference, and what is noise.
        </p>
      </header>
      <WorkerNotice />
      {presets.data === undefined && presets.isError ? (
        <Failure title="Presets could not be loaded" error={presets.error} onRetry={() => void presets.refetch()} />
      ) : presets.data === undefined || config === undefined || (from !== null && source.isPending) ? (
        <FormSkeleton />
      ) : (
        <>
          <Panel title="Base">
            <div className="[&>div]:sm:grid-cols-4">
              <PresetCards
                presets={presets.data.presets}
                chosen={from === null ? choice.preset : null}
                onChoose={(preset) => void setChoice({ preset: isPresetName(preset) ? preset : null, from: null })}
              />
            </div>
            {from === null ? null : source.isError ? (
              <Failure className="mt-3" title={`${from} could not be loaded, so the study starts from the preset`} error={source.error} />
            ) : (
              <p className="mt-3 flex items-baseline justify-between gap-2 border-l-4 border-accent bg-accent-soft px-3 py-1.5">
                <span>
                  From <span className="font-mono">{from}</span>, {source.data?.name}
                </span>
                <button type="button" className="min-h-6 underline underline-offset-2" onClick={() => void setChoice({ from: null })}>
                  use a preset
                </button>
              </p>
            )}
          </Panel>
          <StudyForm
            fields={presets.data.fields}
            config={config}
            source={source.data === undefined ? null : from}
            preset={choice.preset}
            draft={draft}
            onDraft={setDraft}
          />
        </>
      )}
    </div>
  );
}

function FormSkeleton() {
  return (
    <div role="status" aria-label="Loading presets" className="grid gap-4">
      <Skeleton className="h-44" />
      <Skeleton className="h-32" />
      <Skeleton className="h-48" />
      <Skeleton className="h-96" />
    </div>
  );
}
