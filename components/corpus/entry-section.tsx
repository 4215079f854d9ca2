"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { X } from "lucide-react";

import { corpusSplits } from "../../server/contract/words";
import type { CorpusDetail, CorpusEntryRow } from "../../server/corpus/views";
import { useTRPC, useTRPCClient } from "../live/trpc";
import { useShortcuts } from "../shell/use-shortcuts";
import { Button } from "../ui/button";
import { classNames } from "../ui/class-names";
import { formatCount, formatPercent, notApplicable } from "../ui/format";
import { Panel } from "../ui/panel";
import { Empty, Failure, SkeletonRows } from "../ui/states";
import { useDebounced } from "../ui/use-debounced";
import { EntryDetail } from "./entry-detail";
import { splitLabels } from "./labels";
import { useEntryView } from "./use-entry-view";

const box = "min-h-8 rounded border border-edge-strong bg-panel px-2";
const typingMs = 250;

/** Every entry of a corpus, filtered by name, family and split, with the code of the one that is open. */
export function EntrySection({ corpus }: { corpus: CorpusDetail }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const [view, setView] = useEntryView();
  const search = useDebounced(view.q.trim(), typingMs);
  const input = { version: corpus.version, search: search === "" ? undefined : search, family: view.family ?? undefined, split: view.split ?? undefined };
  const list = useInfiniteQuery({
    queryKey: [...trpc.corpus.entries.pathKey(), { input, type: "pages" }],
    queryFn: ({ pageParam, signal }) => client.corpus.entries.query({ ...input, cursor: pageParam }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
  const rows = list.data?.pages.flatMap((page) => page.items);
  const total = list.data?.pages[0]?.total;
  const any = view.q !== "" || view.family !== null || view.split !== null;

  const open = view.entry;
  const move = (by: number): void => {
    if (rows === undefined) return;
    const at = rows.findIndex((row) => row.position === open);
    const next = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    void setView({ entry: next.position });
    document.getElementById(`entry-${next.position}`)?.scrollIntoView({ block: "nearest" });
  };
  useShortcuts([
    { keys: "j", label: "Next entry", run: () => move(1) },
    { keys: "k", label: "Previous entry", run: () => move(-1) },
    { keys: "Escape", label: "Close the entry", run: () => void setView({ entry: null }) },
  ]);

  return (
    <div id="entries" className={classNames("grid min-w-0 scroll-mt-16 gap-4", open !== null && "xl:grid-cols-2 xl:items-start")}>
      <Panel
        title={<span aria-live="polite">Entries {total === undefined ? "" : `(${formatCount(total)} of ${formatCount(corpus.entries)})`}</span>}
        bodyClassName="p-0"
      >
        <div className="flex flex-wrap items-center gap-2 border-b border-edge px-4 py-2">
          <input
            type="search"
            aria-label="Name or place"
            placeholder="Name, or #812"
            maxLength={100}
            className={classNames(box, "w-48")}
            value={view.q}
            onChange={(event) => void setView({ q: event.target.value === "" ? null : event.target.value })}
          />
          <select
            aria-label="Split"
            className={box}
            value={view.split ?? ""}
            onChange={(event) => void setView({ split: corpusSplits.find((one) => one === event.target.value) ?? null })}
          >
            <option value="">All splits</option>
            {corpusSplits.map((split) => (
              <option key={split} value={split}>
                {splitLabels[split]}
              </option>
            ))}
          </select>
          {view.family === null ? null : <span className="max-w-64 truncate text-ink-soft">family {view.family}</span>}
          {any ? (
            <button type="button" className="inline-flex min-h-8 items-center gap-1 px-1 text-accent hover:underline" onClick={() => void setView({ q: null, family: null, split: null })}>
              <X aria-hidden className="size-3.5" />
              Clear filters
            </button>
          ) : null}
        </div>
        {rows === undefined ? (
          list.isError ? (
            <Failure title="Entries could not be loaded" error={list.error} onRetry={() => void list.refetch()} className="m-4" />
          ) : (
            <SkeletonRows rows={10} label="Loading entries" />
          )
        ) : rows.length === 0 ? (
          <Empty title={any ? `0 of ${formatCount(corpus.entries)} entries match` : "No entry yet"}>
            <p>{any ? "Take a filter away to see more." : "They are listed here as they are imported."}</p>
          </Empty>
        ) : (
          <>
            <EntryTable rows={rows} open={open} onOpen={(entry) => void setView({ entry })} />
            {list.hasNextPage ? (
              <div className="border-t border-edge p-3 text-center">
                <Button pending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                  {list.isFetchingNextPage ? "Loading…" : `Show more (${formatCount(rows.length)} of ${formatCount(total ?? rows.length)} shown)`}
                </Button>
              </div>
            ) : null}
          </>
        )}
      </Panel>
      {open === null ? null : (
        <EntryDetail
          key={open}
          version={corpus.version}
          position={open}
          onFamily={(family) => void setView({ family, q: null })}
          onClose={() => void setView({ entry: null })}
        />
      )}
    </div>
  );
}

interface EntryTableProps {
  rows: readonly CorpusEntryRow[];
  open: number | null;
  onOpen: (position: number) => void;
}

function EntryTable({ rows, open, onOpen }: EntryTableProps) {
  return (
    <div className="max-h-[44rem] overflow-auto" tabIndex={0} role="region" aria-label="Entries">
      <table className="figures">
        <thead className="sticky top-0 z-10 bg-panel">
          <tr>
            <th scope="col">Entry</th>
            <th scope="col" className="max-sm:hidden">
              Family
            </th>
            <th scope="col">Split</th>
            <th scope="col" className="number">
              Accuracy
            </th>
            <th scope="col" className="number max-sm:hidden">
              Lines
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.position}
              id={`entry-${row.position}`}
              aria-selected={row.position === open}
              className={classNames("hover:bg-sunken", row.position === open && "bg-accent-soft hover:bg-accent-soft")}
            >
              <th scope="row" className="max-w-0 font-normal" style={{ width: "50%" }}>
                <EntryButton row={row} onOpen={onOpen} />
              </th>
              <td className="max-w-40 truncate max-sm:hidden" title={row.family ?? undefined}>
                {row.family ?? notApplicable}
              </td>
              <td>{splitLabels[row.split]}</td>
              <td className="number">{formatPercent(row.accuracy)}</td>
              <td className="number max-sm:hidden">{formatCount(row.lines)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function EntryButton({ row, onOpen }: { row: CorpusEntryRow; onOpen: (position: number) => void }) {
  return (
    <button type="button" onClick={() => onOpen(row.position)} className="flex min-h-6 max-w-full items-center gap-2 hover:underline">
      <span className="font-mono text-accent">#{row.position}</span>
      <span className="truncate" title={row.name ?? undefined}>
        {row.name}
      </span>
    </button>
  );
}
