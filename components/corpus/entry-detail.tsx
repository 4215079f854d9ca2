"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Copy, X } from "lucide-react";
import { useEffect, useRef } from "react";

import type { CorpusEntryDetail } from "../../server/corpus/views";
import { CodeView } from "../code/code-view";
import { useTRPC } from "../live/trpc";
import { Button } from "../ui/button";
import { copyText } from "../ui/copy-text";
import { formatPercent, plural } from "../ui/format";
import { Panel } from "../ui/panel";
import { Failure, Skeleton } from "../ui/states";
import { splitLabels } from "./labels";

interface EntryDetailProps {
  version: string;
  position: number;
  onFamily: (family: string) => void;
  onClose: () => void;
}

/** The code of one entry and what its source says of it. */
export function EntryDetail({ version, position, onFamily, onClose }: EntryDetailProps) {
  const trpc = useTRPC();
  const entry = useQuery({ ...trpc.corpus.entry.queryOptions({ version, position }), staleTime: Number.POSITIVE_INFINITY, placeholderData: keepPreviousData });
  const place = useRef<HTMLDivElement>(null);
  // Below the list on a small screen: what was asked for must be seen.
  useEffect(() => place.current?.scrollIntoView({ block: "nearest" }), []);
  const id = `${version} #${position}`;
  return (
    <div ref={place} className="min-w-0 scroll-mt-16">
      <Panel
        label={id}
        title={
          <>
            <span className="font-mono">{id}</span> <span className="font-normal break-all">{entry.data?.name}</span>
          </>
        }
        actions={
          <>
            <Button look="quiet" className="px-2" aria-label="Copy the id" title="Copy the id" onClick={() => void copyText(id, "Id")}>
              <Copy aria-hidden className="size-4" />
            </Button>
            <Button look="quiet" className="px-2" aria-label="Close the entry" title="Close (Esc)" onClick={onClose}>
              <X aria-hidden className="size-4" />
            </Button>
          </>
        }
        bodyClassName="p-0"
      >
        {entry.data === undefined ? (
          entry.isError ? (
            <Failure title={`${id} could not be loaded`} error={entry.error} onRetry={() => void entry.refetch()} className="m-4" />
          ) : (
            <div role="status" aria-label="Loading entry">
              <Skeleton className="h-[36rem] max-h-[80dvh]" />
            </div>
          )
        ) : (
          <Entry entry={entry.data} onFamily={onFamily} />
        )}
      </Panel>
    </div>
  );
}

function Entry({ entry, onFamily }: { entry: CorpusEntryDetail; onFamily: (family: string) => void }) {
  const { family, messages, statistics, answer } = entry;
  return (
    <>
      <p className="border-b border-edge px-4 py-2 text-ink-soft">
        {plural(entry.lines, "line")}, for {splitLabels[entry.split]}
        {entry.accuracy === null ? "" : `, accuracy ${formatPercent(entry.accuracy)} as its source states it`}
        {family === null ? null : (
          <>
            , family{" "}
            <button type="button" className="min-h-6 text-left break-all text-accent hover:underline" onClick={() => onFamily(family)}>
              {family === "" ? "without a name" : family}
            </button>
          </>
        )}
      </p>
      <CodeView code={entry.code} label={`Code of ${entry.version} #${entry.position}`} />
      {messages?.map((message, place) => (
        <Text key={place} title={message.role === "system" ? "System message" : "What was asked"}>
          {message.content}
        </Text>
      ))}
      {answer === null ? null : <Text title="Whole answer">{answer}</Text>}
      {statistics === null || statistics.length === 0 ? null : (
        <Text title={plural(statistics.length, "trial on record", "trials on record")}>{JSON.stringify(statistics, null, 2)}</Text>
      )}
    </>
  );
}

function Text({ title, children }: { title: string; children: string }) {
  return (
    <details className="border-t border-edge px-4 py-2">
      <summary className="min-h-6 font-medium">{title}</summary>
      <pre tabIndex={0} className="mt-1 max-h-96 overflow-auto font-mono text-xs break-words whitespace-pre-wrap">
        {children}
      </pre>
    </details>
  );
}
