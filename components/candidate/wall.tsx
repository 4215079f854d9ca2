"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useSyncExternalStore } from "react";

import { toCandidateId, parseRunId } from "../../server/contract/ids";
import type { RunDetail } from "../../server/run/views";
import { LiveCode } from "../code/live-code";
import type { ProgramStore } from "../live/program-store";
import { useTRPC } from "../live/trpc";
import { useShortcuts } from "../shell/use-shortcuts";
import { Button, buttonClass } from "../ui/button";
import { formatPercent } from "../ui/format";
import { OutcomeLabel } from "./outcome-label";
import type { RunViewState, SetRunView } from "./use-run-view";
import { WallTile } from "./wall-tile";

interface WallProps {
  run: RunDetail;
  store: ProgramStore;
  view: RunViewState;
  setView: SetRunView;
}

const none: readonly number[] = [];

/** The programs of the newest cycle while they are written and judged: one in the editor, the others as tiles. */
export function Wall({ run, store, view, setView }: WallProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const cycle = run.cycle;
  // What is known already: after a reload only unfinished texts are streamed again.
  const known = useQuery(trpc.candidate.list.queryOptions({ run: run.id, cycle, sort: "id", limit: run.candidates_per_cycle }));
  useEffect(() => {
    if (known.data !== undefined) store.seed(cycle, known.data.items);
  }, [known.data, store, cycle]);

  const indexes = useSyncExternalStore(store.subscribeList, store.indexes, () => none);
  const newest = useSyncExternalStore(store.subscribeList, store.newest, () => null);
  const storeCycle = useSyncExternalStore(store.subscribeList, store.cycle, () => null) ?? cycle;
  const pinned = indexes.find((index) => view.program === `${storeCycle}.${index}`) ?? null;
  const shown = pinned ?? newest ?? indexes.at(-1) ?? null;
  const idOf = (index: number): string => toCandidateId({ run: parseRunId(run.id), cycle: storeCycle, index });

  const pin = (index: number | null): void => void setView({ program: index === null ? null : `${storeCycle}.${index}` });
  const move = (by: number): void => {
    const at = shown === null ? -1 : indexes.indexOf(shown);
    const next = indexes[Math.min(indexes.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    pin(next);
    document.getElementById(`tile-${next}`)?.scrollIntoView({ block: "nearest" });
  };
  useShortcuts([
    { keys: "j", label: "Next program", run: () => move(1) },
    { keys: "k", label: "Previous program", run: () => move(-1) },
    { keys: "Enter", label: "Open the program's page", run: () => shown !== null && router.push(`/candidates/${idOf(shown)}`) },
    { keys: "Escape", label: "Follow the newest program", run: () => pin(null) },
  ]);

  return (
    <section aria-label="Programs of this cycle" className="grid overflow-hidden rounded border border-edge bg-panel lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]">
      <div className="flex h-72 min-w-0 flex-col lg:h-[31rem] lg:border-r lg:border-edge">
        {shown === null ? (
          <p className="m-auto max-w-xs p-4 text-center text-ink-soft">
            {run.progress.waiting_for_worker ? "Waiting for a worker." : "The first programs appear here as soon as the model writes."}
          </p>
        ) : (
          <>
            <ShownHeader store={store} index={shown} id={idOf(shown)} pinned={pinned !== null} onUnpin={() => pin(null)} />
            <div className="min-h-0 flex-1">
              <ShownCode store={store} index={shown} id={idOf(shown)} />
            </div>
          </>
        )}
      </div>
      <div className="h-80 overflow-y-auto p-2 max-lg:border-t max-lg:border-edge lg:h-[31rem]" tabIndex={-1}>
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(8.25rem,1fr))] gap-1.5">
          {indexes.map((index) => (
            <li key={index} id={`tile-${index}`} className="min-w-0">
              <WallTile store={store} index={index} selected={index === shown} onPin={pin} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function ShownHeader({ store, index, id, pinned, onUnpin }: { store: ProgramStore; index: number; id: string; pinned: boolean; onUnpin: () => void }) {
  const program = useSyncExternalStore(
    (listener) => store.subscribe(index, listener),
    () => store.get(index),
    () => undefined,
  );
  return (
    <div className="flex h-10 shrink-0 items-center gap-3 border-b border-edge px-3">
      <Link prefetch={false} href={`/candidates/${id}`} className="font-mono text-accent hover:underline">
        {id}
      </Link>
      {program === undefined ? null : <OutcomeLabel state={program.state} outcome={program.outcome} className="min-w-0 truncate text-xs" />}
      {program?.accuracy === null || program?.accuracy === undefined ? null : <strong className="font-semibold">{formatPercent(program.accuracy)}</strong>}
      <span className="ml-auto flex items-center gap-1 text-xs text-ink-soft">
        {pinned ? (
          <Button look="quiet" className="min-h-7 px-2 text-xs" onClick={onUnpin}>
            Follow the newest
          </Button>
        ) : (
          <span className={buttonClass("quiet", "pointer-events-none min-h-7 px-2 text-xs")}>newest</span>
        )}
      </span>
    </div>
  );
}

/**
 * The text comes from the stream while it is written, then from the program's row: its last chunks are deleted when it is
 * stored, maybe before the stream read them, and a page that was away for a while has not got what came meanwhile.
 */
function ShownCode({ store, index, id }: { store: ProgramStore; index: number; id: string }) {
  const trpc = useTRPC();
  const isStored = useSyncExternalStore(
    (listener) => store.subscribe(index, listener),
    () => (store.get(index)?.state ?? "writing") !== "writing",
    () => false,
  );
  const stored = useQuery({ ...trpc.candidate.get.queryOptions({ id }), enabled: isStored, placeholderData: keepPreviousData });
  return <LiveCode store={store} index={index} finished={isStored && stored.data?.id === id ? stored.data.code : null} />;
}
