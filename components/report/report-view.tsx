"use client";

import { useQuery } from "@tanstack/react-query";
import { Download, Printer } from "lucide-react";
import Link from "next/link";

import type { ReportBlock, ReportSection } from "../../server/report/page";
import { useTRPC } from "../live/trpc";
import { DocumentTitle } from "../shell/document-title";
import { Button, buttonClass } from "../ui/button";
import { Failure, Skeleton } from "../ui/states";
import { ReportBlockView } from "./report-block";

const formats = [
  { format: "html", label: "HTML, one file" },
  { format: "markdown", label: "Markdown" },
];

/** The report of a run: the same sections as its file, to be read, printed and taken away. */
export function ReportView({ id }: { id: string }) {
  const trpc = useTRPC();
  const report = useQuery(trpc.report.page.queryOptions({ run: id }));
  if (report.data === undefined) {
    return report.isError ? (
      <Failure title={`The report of ${id} could not be made`} error={report.error} onRetry={() => void report.refetch()} />
    ) : (
      <ReportSkeleton />
    );
  }
  const { title, lead, standing, sections, colophon } = report.data;
  return (
    <article className="mx-auto grid max-w-7xl grid-cols-[minmax(0,1fr)] gap-4 wrap-break-word">
      <DocumentTitle title={`${id} report`} />
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <p className="text-xs text-ink-soft print:hidden">
            <Link href="/runs" className="hover:underline">
              Runs
            </Link>{" "}
            /{" "}
            <Link href={`/runs/${id}`} className="font-mono text-accent hover:underline">
              {id}
            </Link>{" "}
            / report
          </p>
          <h1 className="text-xl font-semibold break-words">{title}</h1>
          <p className="mt-0.5 text-ink-soft">{lead}</p>
        </div>
        <div className="flex flex-wrap gap-2 print:hidden">
          {formats.map(({ format, label }) => (
            <a key={format} href={`/api/reports/${id}?format=${format}`} download className={buttonClass()}>
              <Download aria-hidden className="size-4" />
              {label}
            </a>
          ))}
          <Button onClick={() => window.print()}>
            <Printer aria-hidden className="size-4" />
            Print
          </Button>
        </div>
      </header>
      {standing === null ? null : (
        <p role="note" className="max-w-prose border-l-4 border-warn bg-warn-soft px-4 py-2">
          <strong className="font-semibold">Read first.</strong> {standing}
        </p>
      )}
      <nav aria-label="Sections of the report" className="print:hidden">
        <ul className="flex flex-wrap gap-x-5 gap-y-1">
          {sections.map((section) => (
            <li key={section.id}>
              <a href={`#${section.id}`} className="inline-block py-0.5 text-accent hover:underline">
                {section.title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {sections.map((section) => (
        <Section key={section.id} section={section} />
      ))}
      <footer className="border-t border-edge pt-2 text-xs text-ink-faint">{colophon}</footer>
    </article>
  );
}

function Section({ section: { id, title, blocks } }: { section: ReportSection }) {
  return (
    <section id={id} aria-label={title} className="grid scroll-mt-16 grid-cols-[minmax(0,1fr)] gap-4 pt-4">
      <h2 className="border-b border-edge pb-1 text-base font-semibold">{title}</h2>
      {groupCharts(blocks).map((group, place) =>
        group[0]?.kind === "chart" ? (
          <div key={place} className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
            {group.map((block, at) => (
              <ReportBlockView key={at} block={block} />
            ))}
          </div>
        ) : (
          group.map((block, at) => <ReportBlockView key={`${place}.${at}`} block={block} />)
        ),
      )}
    </section>
  );
}

/** Pictures that follow each other stand side by side. */
function groupCharts(blocks: readonly ReportBlock[]): ReportBlock[][] {
  return blocks.reduce<ReportBlock[][]>((groups, block) => {
    const last = groups.at(-1);
    if (last !== undefined && block.kind === "chart" && last[0]?.kind === "chart") last.push(block);
    else groups.push([block]);
    return groups;
  }, []);
}

function ReportSkeleton() {
  return (
    <div role="status" aria-label="Loading report" className="mx-auto grid w-full max-w-7xl gap-4">
      <Skeleton className="h-16" />
      <Skeleton className="h-72" />
      <div className="grid gap-4 md:grid-cols-2">
        {Array.from({ length: 4 }, (_, place) => (
          <Skeleton key={place} className="h-80" />
        ))}
      </div>
    </div>
  );
}
