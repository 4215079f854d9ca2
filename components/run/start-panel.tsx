"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";

import { isPresetName, type PresetName, presets as allPresets } from "../../server/contract/presets";
import { runIdSchema } from "../../server/contract/ids";
import { useTRPC } from "../live/trpc";
import { Panel } from "../ui/panel";
import { Failure, Skeleton } from "../ui/states";
import { PresetCards } from "./preset-cards";
import { StartForm } from "./start-form";

const presetNames = Object.keys(allPresets) as PresetName[];

/** Chooses what a run starts from: a preset, or an earlier run (`?from=R3`), and shows the form for it. */
export function StartPanel() {
  const trpc = useTRPC();
  const [choice, setChoice] = useQueryStates(
    { from: parseAsString, preset: parseAsStringLiteral(presetNames).withDefault("starter") },
    { history: "replace" },
  );
  const from = choice.from !== null && runIdSchema.safeParse(choice.from).success ? choice.from : null;
  const presets = useQuery(trpc.run.presets.queryOptions());
  const source = useQuery(trpc.run.get.queryOptions(from === null ? skipToken : { id: from }));
  const waitsForSource = from !== null && source.data === undefined && !source.isError;

  return (
    <Panel title="Start a run" label="Start a run">
      {presets.data === undefined && presets.isError ? (
        <Failure title="Presets could not be loaded" error={presets.error} onRetry={() => void presets.refetch()} />
      ) : presets.data === undefined || waitsForSource ? (
        <StartSkeleton />
      ) : (
        <>
          <PresetCards
            presets={presets.data.presets}
            chosen={from === null ? choice.preset : null}
            onChoose={(preset) => void setChoice({ preset: isPresetName(preset) ? preset : null, from: null })}
          />
          {from === null ? null : source.isError ? (
            <Failure className="mt-3" title={`${from} could not be loaded, so the form shows the preset`} error={source.error} />
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
          <StartForm
            key={from !== null && source.data !== undefined ? from : choice.preset}
            fields={presets.data.fields}
            base={
              (from === null ? undefined : source.data?.config) ??
              presets.data.presets.find(({ name }) => name === choice.preset)?.config
            }
            source={source.data === undefined ? null : from}
            preset={choice.preset}
          />
        </>
      )}
    </Panel>
  );
}

function StartSkeleton() {
  return (
    <div role="status" aria-label="Loading presets">
      <div className="grid grid-cols-2 gap-2">
        {Array.from({ length: 4 }, (_, card) => (
          <Skeleton key={card} className="h-28" />
        ))}
      </div>
      {Array.from({ length: 5 }, (_, row) => (
        <Skeleton key={row} className="mt-4 h-10" />
      ))}
    </div>
  );
}
