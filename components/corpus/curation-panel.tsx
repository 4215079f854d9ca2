"use client";

import type { ReactNode } from "react";

import { corpusSplits } from "../../server/contract/words";
import type { CurationReport } from "../../server/corpus/curation-report";
import type { CorpusDetail } from "../../server/corpus/views";
import { formatCount, formatJaccard, formatPercent, plural } from "../ui/format";
import { Panel } from "../ui/panel";
import { splitLabels } from "./labels";
import { useEntryView } from "./use-entry-view";

/** What was left out, how families were found, how they are split, and whether anything leaks. */
export function CurationPanel({ corpus }: { corpus: CorpusDetail }) {
  const { report } = corpus;
  return (
    <Panel title="Curation">
      <div className="grid gap-x-8 gap-y-5 lg:grid-cols-2">
        <div className="grid content-start gap-4">
          <Part title="Splits">
            <Splits corpus={corpus} />
            <Leakage corpus={corpus} />
          </Part>
          <Part title="Duplicates">{report === null ? <p>It was not curated: it is as its maker left it.</p> : <Duplicates report={report} />}</Part>
        </div>
        <div className="grid content-start gap-4">
          {report === null ? null : (
            <Part title={`${plural(report.families, "family", "families")} by size`}>
              <Families report={report} />
            </Part>
          )}
          <LargestFamilies corpus={corpus} />
        </div>
      </div>
    </Panel>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid min-w-0 gap-1.5">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  );
}

interface Bar {
  label: string;
  value: number;
  note: string;
}

/** Counts as bars of one whole, each with its number. */
function Bars({ label, bars, of }: { label: string; bars: readonly Bar[]; of: number }) {
  return (
    <ul aria-label={label} className="grid grid-cols-[auto_auto_1fr_auto] items-center gap-x-3 gap-y-1">
      {bars.map((bar) => (
        <li key={bar.label} className="col-span-4 grid grid-cols-subgrid items-center">
          <span className="whitespace-nowrap">{bar.label}</span>
          <span className="text-right">{formatCount(bar.value)}</span>
          <span aria-hidden className="h-2.5 rounded-sm bg-mark" style={{ width: `${of === 0 ? 0 : (100 * bar.value) / of}%`, minWidth: bar.value > 0 ? 2 : 0 }} />
          <span className="text-right text-xs whitespace-nowrap text-ink-soft">{bar.note}</span>
        </li>
      ))}
    </ul>
  );
}

function Splits({ corpus }: { corpus: CorpusDetail }) {
  const total = corpusSplits.reduce((sum, split) => sum + corpus.splits[split], 0);
  const bars = corpusSplits.map((split) => ({
    label: splitLabels[split],
    value: corpus.splits[split],
    note: total === 0 ? "" : formatPercent(corpus.splits[split] / total),
  }));
  return <Bars label="Entries by split" bars={bars} of={total} />;
}

/** Said from what is stored, not from what should be. */
function Leakage({ corpus }: { corpus: CorpusDetail }) {
  const { families_across_splits: across, families, splits, report } = corpus;
  if (across > 0) {
    return (
      <p className="border-l-4 border-bad px-3">
        <strong className="font-semibold">{formatCount(across)} of {plural(families, "family", "families")} lie in more than one split,</strong> so
        a network may be tested on what it descends from.
      </p>
    );
  }
  if (splits.validation + splits.test === 0) return <p className="text-ink-soft">Nothing is held out: every entry is for training.</p>;
  return (
    <p className="text-ink-soft">
      None of the {plural(families, "family", "families")} lies in more than one split, so no held-out network has a relative among those trained on.
      {report === null
        ? ""
        : ` Relatives are networks whose ${report.shingle_tokens}-token shingles have a Jaccard similarity of ${report.family_jaccard} or more, that call the same names in the same order, have the same structure, or whose names share a prefix. Seed ${report.seed}.`}
    </p>
  );
}

function Duplicates({ report }: { report: CurationReport }) {
  const dropped = report.exact_duplicates + report.near_duplicates;
  if (dropped === 0) {
    return (
      <p className="text-ink-soft">
        None of {plural(report.read, "network")} was a copy of another: no two have the same tokens, or {report.shingle_tokens}-token shingles with a Jaccard
        similarity of {report.near_jaccard} or more.
      </p>
    );
  }
  return (
    <>
      <p className="text-ink-soft">
        {formatCount(dropped)} of {plural(report.read, "network")} left out: {formatCount(report.exact_duplicates)} with the same tokens,{" "}
        {formatCount(report.near_duplicates)} with {report.shingle_tokens}-token shingles of Jaccard similarity {report.near_jaccard} or more;{" "}
        {formatCount(report.duplicates_of_base)} of them copies of the base version. The best of each group stayed.
      </p>
      <div className="max-h-56 overflow-auto border border-edge" tabIndex={0} role="region" aria-label="Networks left out">
        <table className="figures text-xs">
          <thead className="sticky top-0 bg-panel">
            <tr>
              <th scope="col">Left out</th>
              <th scope="col">Copy of</th>
              <th scope="col" className="number">
                Jaccard
              </th>
            </tr>
          </thead>
          <tbody>
            {report.dropped.map((one) => (
              <tr key={one.key}>
                <th scope="row" className="max-w-56 truncate font-normal" title={`${one.name ?? ""} ${one.key}`}>
                  {one.name ?? one.key}
                </th>
                <td className="max-w-56 truncate" title={one.duplicate_of}>
                  {one.duplicate_of}
                </td>
                <td className="number">{one.kind === "exact" ? "exact" : formatJaccard(one.jaccard)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {dropped > report.dropped.length ? <p className="text-xs text-ink-soft">The first {formatCount(report.dropped.length)} of {formatCount(dropped)}.</p> : null}
    </>
  );
}

const shownSizes = 8;

function Families({ report }: { report: CurationReport }) {
  const sizes = Object.entries(report.family_sizes)
    .map(([size, families]) => ({ size: Number(size), families }))
    .toSorted((a, b) => a.size - b.size);
  const shown = sizes.slice(0, shownSizes);
  const rest = sizes.slice(shownSizes).reduce((sum, { families }) => sum + families, 0);
  const bars = shown.map(({ size, families }) => ({
    label: size === 1 ? "alone" : `${formatCount(size)} networks`,
    value: families,
    note: plural(families * size, "network"),
  }));
  return <Bars label="Families by size" bars={rest === 0 ? bars : [...bars, { label: "larger", value: rest, note: "" }]} of={report.families} />;
}

const shownFamilies = 8;

function LargestFamilies({ corpus }: { corpus: CorpusDetail }) {
  const [, setView] = useEntryView();
  const show = (family: string): void => {
    void setView({ family, q: null, split: null });
    document.getElementById("entries")?.scrollIntoView({ block: "start" });
  };
  const families = corpus.largest_families.filter(({ entries }) => entries > 1).slice(0, shownFamilies);
  if (families.length === 0) return null;
  return (
    <Part title="Largest families">
      <table className="w-full" aria-label="Largest families">
        <tbody>
          {families.map(({ family, entries, split }) => (
            <tr key={family} className="border-b border-edge last:border-0">
              <th scope="row" className="max-w-0 truncate py-1 pr-3 text-left font-normal" style={{ width: "60%" }}>
                <FamilyButton family={family} onShow={show} />
              </th>
              <td className="py-1 pr-3 text-right whitespace-nowrap">{plural(entries, "network")}</td>
              <td className="py-1 text-right text-ink-soft">{splitLabels[split]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

function FamilyButton({ family, onShow }: { family: string; onShow: (family: string) => void }) {
  return (
    <button type="button" onClick={() => onShow(family)} title={family} className="min-h-6 max-w-full truncate text-accent hover:underline">
      {family === "" ? "without a name" : family}
    </button>
  );
}
