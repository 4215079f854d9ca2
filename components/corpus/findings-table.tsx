"use client";

import { keepPreviousData, useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Tabs } from "radix-ui";

import { type FindingVerdict, findingVerdicts } from "../../server/contract/words";
import type { CorpusCheckView, FindingRow } from "../../server/corpus/views";
import { useTRPC, useTRPCClient } from "../live/trpc";
import { downloadJson } from "../run/download-json";
import { Button } from "../ui/button";
import { downloadText } from "../ui/download-text";
import { formatCount, notApplicable } from "../ui/format";
import { Empty, Failure, SkeletonRows } from "../ui/states";
import { toFindingsCsv } from "./findings-csv";
import { verdictLabels, verdictSentences } from "./labels";

/** What became of every entry of a source: three lists, each with place and reason, also as a file. */
export function FindingsTable({ check, running }: { check: CorpusCheckView; running: boolean }) {
  const [chosen, setChosen] = useQueryState("verdict", parseAsStringLiteral(findingVerdicts).withOptions({ history: "replace", scroll: false }));
  // What needs a decision is shown first.
  const verdict = chosen ?? (check.counts.rejected > 0 ? "rejected" : check.counts.duplicate > 0 ? "duplicate" : "accepted");
  return (
    <Tabs.Root
      value={verdict}
      onValueChange={(value) => void setChosen(findingVerdicts.find((one) => one === value) ?? null)}
      className="min-w-0 overflow-hidden rounded border border-edge bg-panel"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 border-b border-edge pr-4">
        <Tabs.List aria-label="What became of the entries" className="flex overflow-x-auto px-2">
          {findingVerdicts.map((one) => (
            <Tabs.Trigger
              key={one}
              value={one}
              className="min-h-10 border-b-2 border-transparent px-3 font-medium whitespace-nowrap text-ink-soft hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
            >
              {verdictLabels[one]} ({formatCount(check.counts[one])})
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {running ? null : <Downloads check={check} />}
      </div>
      {findingVerdicts.map((one) => (
        <Tabs.Content key={one} value={one}>
          <Findings check={check} verdict={one} running={running} />
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}

const lookMs = 2_000;

function Findings({ check, verdict, running }: { check: CorpusCheckView; verdict: FindingVerdict; running: boolean }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const input = { check: check.task.id, verdict };
  const list = useInfiniteQuery({
    // The end of a check is asked for anew: what was seen last may lack its last findings.
    queryKey: [...trpc.corpus.findings.pathKey(), { input, running, type: "pages" }],
    queryFn: ({ pageParam, signal }) => client.corpus.findings.query({ ...input, cursor: pageParam }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_cursor,
    // They come at the end of the list, so what is read stays where it is.
    refetchInterval: running ? lookMs : false,
    placeholderData: keepPreviousData,
  });
  const rows = list.data?.pages.flatMap((page) => page.items);
  if (rows === undefined) {
    return list.isError ? (
      <Failure title="The findings could not be loaded" error={list.error} onRetry={() => void list.refetch()} className="m-4" />
    ) : (
      <SkeletonRows rows={5} label="Loading findings" />
    );
  }
  if (rows.length === 0) {
    return (
      <Empty title={running ? "None so far" : "None"}>
        <p>{verdictSentences[verdict]}</p>
      </Empty>
    );
  }
  return (
    <>
      <p className="border-b border-edge px-4 py-2 text-ink-soft">{verdictSentences[verdict]}</p>
      <FindingRows rows={rows} verdict={verdict} />
      {list.hasNextPage ? (
        <div className="border-t border-edge p-3 text-center">
          <Button pending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {list.isFetchingNextPage ? "Loading…" : `Show more (${formatCount(rows.length)} of ${formatCount(check.counts[verdict])} shown)`}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function FindingRows({ rows, verdict }: { rows: readonly FindingRow[]; verdict: FindingVerdict }) {
  return (
    <>
      <ul className="divide-y divide-edge md:hidden">
        {rows.map((row) => (
          <li key={row.position} className="px-4 py-2.5">
            <span className="block font-mono text-xs break-all">{row.locator}</span>
            {row.name === null ? null : <span className="block text-ink-soft break-words">{row.name}</span>}
            {row.reason === null ? null : <span className="block break-words">{row.reason}</span>}
          </li>
        ))}
      </ul>
      <div className="max-h-[32rem] overflow-auto max-md:hidden" tabIndex={0} role="region" aria-label={`${verdictLabels[verdict]} entries`}>
        <table className="figures">
          <thead className="sticky top-0 bg-panel">
            <tr>
              <th scope="col">Where</th>
              <th scope="col">Name</th>
              {verdict === "accepted" ? null : <th scope="col">Reason</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.position}>
                <th scope="row" className="max-w-md truncate font-mono text-xs font-normal" title={row.locator}>
                  {row.locator}
                </th>
                <td className="max-w-64 truncate" title={row.name ?? undefined}>
                  {row.name ?? notApplicable}
                </td>
                {verdict === "accepted" ? null : <td className="w-1/2 break-words whitespace-normal">{row.reason}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const pageSize = 1_000;

function Downloads({ check }: { check: CorpusCheckView }) {
  const client = useTRPCClient();
  const read = useMutation({
    mutationFn: async (format: "csv" | "json") => {
      const rows: FindingRow[] = [];
      for (let cursor: number | null | undefined; cursor !== null; ) {
        const page = await client.corpus.findings.query({ check: check.task.id, limit: pageSize, cursor });
        rows.push(...page.items);
        cursor = page.next_cursor;
      }
      return { format, rows };
    },
    onSuccess: ({ format, rows }) => {
      const name = `${check.task.id}-findings`;
      if (format === "csv") return downloadText(`${name}.csv`, toFindingsCsv(rows), "text/csv;charset=utf-8");
      const { source, recipe, base_version, counts } = check;
      downloadJson(`${name}.json`, { check: check.task.id, source, recipe, base_version, counts, findings: rows });
    },
  });
  return (
    <div className="flex flex-wrap items-center gap-1 py-1">
      {read.isError ? (
        <span role="alert" className="text-bad">
          {read.error.message}
        </span>
      ) : null}
      {(["csv", "json"] as const).map((format) => (
        <Button key={format} look="quiet" className="min-h-7 px-2 text-xs" pending={read.isPending} onClick={() => read.mutate(format)}>
          <Download aria-hidden className="size-3.5" />
          All as {format.toUpperCase()}
        </Button>
      ))}
    </div>
  );
}
