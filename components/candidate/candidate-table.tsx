"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";

import type { CandidateRow } from "../../server/candidate/views";
import { useShortcuts } from "../shell/use-shortcuts";
import { classNames } from "../ui/class-names";
import { formatCount, formatJaccard, formatPercent, formatSeconds, notApplicable } from "../ui/format";
import { selectionLabels } from "./labels";
import { OutcomeLabel } from "./outcome-label";
import type { CandidateSort, RunViewState, SetRunView } from "./use-run-view";

interface CandidateTableProps {
  rows: readonly CandidateRow[];
  view: RunViewState;
  setView: SetRunView;
  keys: boolean;
}

const columns: { sort: CandidateSort | null; label: string; number: boolean }[] = [
  { sort: "id", label: "Program", number: false },
  { sort: null, label: "Outcome", number: false },
  { sort: "accuracy", label: "Accuracy", number: true },
  { sort: "report_accuracy", label: "Report split", number: true },
  { sort: "jaccard", label: "Nearest Jaccard", number: true },
  { sort: null, label: "Chosen", number: false },
  { sort: "parameters", label: "Parameters", number: true },
  { sort: "tokens", label: "Tokens", number: true },
  { sort: "train_seconds", label: "Training", number: true },
  { sort: null, label: "What went wrong", number: false },
];

export function CandidateTable({ rows, view, setView, keys }: CandidateTableProps) {
  const router = useRouter();
  const [marked, setMarked] = useState<string | null>(null);
  const move = (by: number): void => {
    const at = rows.findIndex((row) => row.id === marked);
    const next = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    setMarked(next.id);
    document.getElementById(`row-${next.id}`)?.scrollIntoView({ block: "nearest" });
  };
  useShortcuts(
    keys
      ? [
          { keys: "j", label: "Next program", run: () => move(1) },
          { keys: "k", label: "Previous program", run: () => move(-1) },
          { keys: "Enter", label: "Open the marked program", run: () => marked !== null && router.push(`/candidates/${marked}`) },
          { keys: "Escape", label: "Unmark", run: () => setMarked(null) },
        ]
      : [],
  );
  const sortBy = (sort: CandidateSort): void => {
    // A figure is looked for from the top; a second click turns it round.
    const direction = view.sort === sort ? (view.direction === "ascending" ? "descending" : "ascending") : sort === "id" ? "ascending" : "descending";
    setView({ sort, direction });
  };

  return (
    <>
      <ul className="divide-y divide-edge md:hidden">
        {rows.map((row) => (
          <li key={row.id}>
            <CandidateCard row={row} />
          </li>
        ))}
      </ul>
      <div className="overflow-x-auto max-md:hidden" tabIndex={0} role="region" aria-label="Programs">
        <table className="figures">
          <thead>
            <tr>
              {columns.map(({ sort, label, number }) => (
                <th
                  key={label}
                  scope="col"
                  className={number ? "number" : undefined}
                  aria-sort={sort === null ? undefined : view.sort === sort ? view.direction : "none"}
                >
                  {sort === null ? (
                    label
                  ) : (
                    <button type="button" onClick={() => sortBy(sort)} className="inline-flex min-h-6 items-center gap-1 font-semibold hover:text-ink">
                      {view.sort === sort ? (
                        view.direction === "ascending" ? <ArrowUp aria-hidden className="size-3.5" /> : <ArrowDown aria-hidden className="size-3.5" />
                      ) : null}
                      {label}
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr
                key={row.id}
                id={`row-${row.id}`}
                aria-selected={row.id === marked}
                className={classNames("hover:bg-sunken", row.id === marked && "bg-accent-soft hover:bg-accent-soft")}
              >
                <th scope="row" className="font-normal">
                  <Link prefetch={false} href={`/candidates/${row.id}`} className="font-mono text-accent hover:underline">
                    {row.id}
                  </Link>
                </th>
                <td>
                  <OutcomeLabel state={row.state} outcome={row.outcome} />
                </td>
                <td className="number font-semibold">
                  <Figure row={row} value={row.accuracy} format={formatPercent} />
                </td>
                <td className="number">
                  <Figure row={row} value={row.report_accuracy} format={formatPercent} />
                </td>
                <td className="number">{formatJaccard(row.jaccard)}</td>
                <td>
                  <Chosen row={row} />
                </td>
                <td className="number">{row.parameters === null ? notApplicable : formatCount(row.parameters)}</td>
                <td className="number">{row.tokens === null ? notApplicable : formatCount(row.tokens)}</td>
                <td className="number">{formatSeconds(row.train_seconds)}</td>
                <td className="max-w-64 truncate text-ink-soft" title={row.error_message ?? undefined}>
                  {row.error_message ?? (row.outcome === null || row.outcome === "ok" ? "" : row.error_type)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Figure({ row, value, format }: { row: CandidateRow; value: number | null; format: (value: number) => string }) {
  if (value !== null) return <>{format(value)}</>;
  return row.state === "ended" && row.outcome !== "ok" ? <span className="text-xs font-normal text-ink-faint">n/a: failed</span> : <>{notApplicable}</>;
}

/** Winner, fallback, novel but not chosen, or a copy: in words. */
function Chosen({ row }: { row: CandidateRow }) {
  if (row.selection_reason !== null) return <span className="font-medium text-accent">{selectionLabels[row.selection_reason]}</span>;
  if (row.novel === false) return <span className="text-ink-soft">copy</span>;
  if (row.novel === true) return <span className="text-ink-faint">novel</span>;
  return <span className="text-ink-faint">{notApplicable}</span>;
}

function CandidateCard({ row }: { row: CandidateRow }) {
  return (
    <Link prefetch={false} href={`/candidates/${row.id}`} className="grid grid-cols-[1fr_auto] gap-x-3 px-4 py-2.5 hover:bg-sunken">
      <span className="font-mono text-accent">{row.id}</span>
      <span className="text-right font-semibold">
        <Figure row={row} value={row.accuracy} format={formatPercent} />
      </span>
      <OutcomeLabel state={row.state} outcome={row.outcome} className="text-xs" />
      <span className="text-right text-xs">
        <Chosen row={row} />
        {row.jaccard === null ? null : <span className="ml-2 text-ink-soft">Jaccard {formatJaccard(row.jaccard)}</span>}
      </span>
      {row.error_message === null ? null : <span className="col-span-2 mt-0.5 truncate text-xs text-ink-soft">{row.error_message}</span>}
    </Link>
  );
}
