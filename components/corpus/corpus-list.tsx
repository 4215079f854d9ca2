"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";

import type { CorpusSummary } from "../../server/corpus/views";
import { useTRPC } from "../live/trpc";
import { DocumentTitle } from "../shell/document-title";
import { useShortcuts } from "../shell/use-shortcuts";
import { buttonClass } from "../ui/button";
import { classNames } from "../ui/class-names";
import { formatCount, notApplicable, plural } from "../ui/format";
import { Panel } from "../ui/panel";
import { Empty, Failure, SkeletonRows } from "../ui/states";
import { TimeAgo } from "../ui/time";
import { corpusStateLabels, splitLabels } from "./labels";

const importingMs = 2_000;

/** The page of all corpora. */
export function CorpusList() {
  const trpc = useTRPC();
  const corpora = useQuery({
    ...trpc.corpus.list.queryOptions(),
    refetchInterval: ({ state }) => (state.data?.some((one) => one.state === "importing") === true ? importingMs : false),
  });
  return (
    <div className="grid gap-4">
      <DocumentTitle title="Corpus" />
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold">Corpus</h1>
          <p className="mt-0.5 max-w-prose text-ink-soft">
            Networks known before a run. A run is started on one version: nothing in it counts as novel, and fine-tuning may learn from it.
          </p>
        </div>
        <Link href="/corpus/import" className={buttonClass("solid")}>
          <Plus aria-hidden className="size-4" />
          Import
        </Link>
      </header>
      <Panel title={`Versions${corpora.data === undefined ? "" : ` (${corpora.data.length})`}`} bodyClassName="p-0">
        {corpora.isError && corpora.data === undefined ? (
          <Failure title="Corpora could not be loaded" error={corpora.error} onRetry={() => void corpora.refetch()} className="m-4" />
        ) : corpora.data === undefined ? (
          <SkeletonRows rows={4} label="Loading corpora" />
        ) : corpora.data.length === 0 ? (
          <Empty title="No corpus yet">
            <p className="max-w-prose">
              <span className="font-mono">starter-1</span> comes with Archloom: the first worker that starts makes it. Your own networks, LEMUR&rsquo;s or a
              run&rsquo;s winners become a version by <Link href="/corpus/import" className="text-accent hover:underline">importing</Link> them.
            </p>
          </Empty>
        ) : (
          <CorpusTable corpora={corpora.data} />
        )}
      </Panel>
    </div>
  );
}

function CorpusTable({ corpora }: { corpora: readonly CorpusSummary[] }) {
  const router = useRouter();
  const [marked, setMarked] = useState<string | null>(null);
  const move = (by: number): void => {
    const at = corpora.findIndex((one) => one.version === marked);
    const next = corpora[at === -1 ? 0 : Math.min(corpora.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    setMarked(next.version);
    document.getElementById(`corpus-${next.version}`)?.scrollIntoView({ block: "nearest" });
  };
  useShortcuts([
    { keys: "j", label: "Next corpus", run: () => move(1) },
    { keys: "k", label: "Previous corpus", run: () => move(-1) },
    { keys: "Enter", label: "Open the marked corpus", run: () => marked !== null && router.push(`/corpus/${marked}`) },
    { keys: "Escape", label: "Unmark", run: () => setMarked(null) },
  ]);
  return (
    <>
      <ul className="divide-y divide-edge md:hidden">
        {corpora.map((corpus) => (
          <li key={corpus.version}>
            <CorpusCard corpus={corpus} />
          </li>
        ))}
      </ul>
      <div className="overflow-x-auto max-md:hidden" tabIndex={0} role="region" aria-label="Corpora, newest first">
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col" className="number">
                Entries
              </th>
              <th scope="col" className="number">
                Training / validation / test
              </th>
              <th scope="col" className="number">
                Families
              </th>
              <th scope="col" className="number">
                With accuracy
              </th>
              <th scope="col">Base</th>
              <th scope="col" className="number">
                Runs
              </th>
              <th scope="col" className="number">
                Made
              </th>
            </tr>
          </thead>
          <tbody>
            {corpora.map((corpus) => (
              <tr
                key={corpus.version}
                id={`corpus-${corpus.version}`}
                aria-selected={corpus.version === marked}
                className={classNames("hover:bg-sunken", corpus.version === marked && "bg-accent-soft hover:bg-accent-soft")}
              >
                <th scope="row" className="max-w-96 font-normal">
                  <Link prefetch={false} href={`/corpus/${corpus.version}`} className="mr-2 font-mono text-accent hover:underline">
                    {corpus.version}
                  </Link>
                  <CorpusMark corpus={corpus} />
                  <span className="block truncate text-xs text-ink-soft" title={corpus.description}>
                    {corpus.description}
                  </span>
                </th>
                <td className="number font-semibold">{formatCount(corpus.entries)}</td>
                <td className="number">
                  {formatCount(corpus.splits.train)} / {formatCount(corpus.splits.validation)} / {formatCount(corpus.splits.test)}
                </td>
                <td className="number">{corpus.families === 0 ? notApplicable : formatCount(corpus.families)}</td>
                <td className="number">
                  {formatCount(corpus.with_accuracy)} <span className="block text-xs text-ink-faint">of {formatCount(corpus.entries)}</span>
                </td>
                <td>{corpus.base_version === null ? notApplicable : <span className="font-mono">{corpus.base_version}</span>}</td>
                <td className="number" title={corpus.runs.join(", ")}>
                  {formatCount(corpus.runs.length)}
                </td>
                <td className="number">
                  <TimeAgo at={corpus.created_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function CorpusMark({ corpus }: { corpus: CorpusSummary }) {
  if (corpus.state === "importing") return <span className="pulse text-xs font-medium text-accent">{corpusStateLabels.importing}</span>;
  return corpus.builtin ? <span className="rounded border border-edge-strong px-1 text-xs whitespace-nowrap text-ink-soft">comes with Archloom</span> : null;
}

/** The same figures for a narrow screen. */
function CorpusCard({ corpus }: { corpus: CorpusSummary }) {
  const { splits } = corpus;
  return (
    <Link prefetch={false} href={`/corpus/${corpus.version}`} className="block px-4 py-3 hover:bg-sunken">
      <span className="flex items-baseline gap-2">
        <span className="min-w-0 truncate font-mono text-accent">{corpus.version}</span>
        <CorpusMark corpus={corpus} />
        <span className="ml-auto whitespace-nowrap">{plural(corpus.entries, "entry", "entries")}</span>
      </span>
      <span className="mt-0.5 line-clamp-2 break-words text-ink-soft">{corpus.description}</span>
      <span className="mt-1 block text-xs text-ink-soft">
        {formatCount(splits.train)} {splitLabels.train}, {formatCount(splits.validation)} {splitLabels.validation}, {formatCount(splits.test)} {splitLabels.test} ·{" "}
        {plural(corpus.runs.length, "run")} · <TimeAgo at={corpus.created_at} />
      </span>
    </Link>
  );
}
