"use client";

import { CircleHelp, Equal, TrendingDown, TrendingUp } from "lucide-react";

import { type ComparisonSpan, comparisonSpans, type Verdict } from "../../server/contract/statistics";
import { describeSpan, figureNames, verdictWords } from "../../server/contract/study-words";
import type { StudyComparison, StudyDetail, StudyDifference } from "../../server/study/views";
import { ArmSwatch } from "../chart/arm-mark";
import { classNames } from "../ui/class-names";
import { formatPercent, formatPoints, formatSigned, notApplicable } from "../ui/format";
import { Panel } from "../ui/panel";
import { DifferenceBar } from "./difference-bar";

const spanLabels: Record<ComparisonSpan, string> = {
  last_cycle: "Last cycle",
  after_first: "All after cycle 0",
};

interface DifferencePanelProps {
  study: StudyDetail;
  comparison: StudyComparison;
  span: ComparisonSpan;
  onSpan: (span: ComparisonSpan) => void;
  /** The figures are still those of another span. */
  stale: boolean;
}

/** What the study shows, first in words, then in figures. */
export function DifferencePanel({ study, comparison, span, onSpan, stale }: DifferencePanelProps) {
  const { conclusion, differences, compared, notes } = comparison;
  return (
    <Panel
      title={compared === null ? "Differences" : `Differences in ${describeSpan(comparison.span, compared.last)}`}
      bodyClassName="p-0"
      actions={
        <div role="group" aria-label="Cycles compared" className="flex">
          {comparisonSpans.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === span}
              onClick={() => onSpan(one)}
              className={classNames(
                "min-h-7 border px-2.5 text-sm first:rounded-l last:rounded-r not-first:-ml-px",
                one === span ? "z-10 border-accent bg-accent-soft font-semibold text-accent" : "border-edge-strong bg-panel text-ink-soft hover:bg-sunken",
              )}
            >
              {spanLabels[one]}
            </button>
          ))}
        </div>
      }
    >
      <div aria-busy={stale} className={stale ? "opacity-60" : ""}>
        <ul aria-live="polite" className="grid gap-1 px-4 py-3 text-base">
          {conclusion.map(({ arm, sentence }) => (
            <li key={sentence} className="flex items-baseline gap-2">
              {arm === null ? null : <ArmSwatch arm={arm} />}
              <span className="max-w-[90ch]">{sentence}</span>
            </li>
          ))}
        </ul>
        {compared === null ? null : (
          <>
            <DifferenceTable study={study} differences={differences} />
            <DifferenceCards study={study} differences={differences} />
          </>
        )}
        <div className="grid gap-0.5 px-4 py-3 text-xs text-ink-soft">
          {compared === null ? null : (
            <p>
              Arm minus {study.arm_names[0]}, over seeds that both have finished; 95 % interval by bootstrap over seeds, then candidates (10,000 draws). Inside
              noise: the interval holds 0{comparison.corrected ? ", or excludes it less clearly than so many comparisons need" : ""}.
            </p>
          )}
          {notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </div>
      </div>
    </Panel>
  );
}

interface RowsProps {
  study: StudyDetail;
  differences: readonly StudyDifference[];
}

function DifferenceTable({ study, differences }: RowsProps) {
  const rowsOf = (arm: number) => differences.filter((row) => row.arm === arm);
  return (
    <div className="overflow-x-auto max-md:hidden" tabIndex={0} role="region" aria-label="Differences from the reference">
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">Arm</th>
            <th scope="col">Figure</th>
            <th scope="col" className="number">
              {study.arm_names[0]}
            </th>
            <th scope="col" className="number">
              Arm
            </th>
            <th scope="col" className="number">
              Difference
            </th>
            <th scope="col">
              <span className="sr-only">Interval as a picture</span>
            </th>
            <th scope="col" className="number">
              Seeds
            </th>
            <th scope="col" className="number">
              Candidates
            </th>
            <th scope="col">In words</th>
          </tr>
        </thead>
        {study.arms.slice(1).map(({ name }, at) => (
          <tbody key={name}>
            {rowsOf(at + 1).map((row, place, rows) => (
              <tr key={row.figure} className={row.verdict === "differs" ? "" : "text-ink-soft"}>
                {place === 0 ? (
                  <th scope="rowgroup" rowSpan={rows.length} className="max-w-56 align-top font-medium whitespace-normal text-ink">
                    <ArmSwatch arm={at + 1} /> {name}
                  </th>
                ) : null}
                <th scope="row" className="pl-2.5 font-normal">
                  {figureNames[row.figure]}
                </th>
                <td className="number">{formatValue(row, row.reference)}</td>
                <td className="number">{formatValue(row, row.value)}</td>
                <td className="number">
                  <Change row={row} />
                </td>
                <td>
                  <DifferenceBar row={row} all={differences} />
                </td>
                <td className="number">{row.seeds}</td>
                <td className="number">
                  {row.reference_cases}, {row.cases}
                </td>
                <td>
                  <VerdictLabel row={row} />
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** The same for a narrow screen. */
function DifferenceCards({ study, differences }: RowsProps) {
  return (
    <div className="grid gap-3 px-4 md:hidden">
      {study.arms.slice(1).map(({ name }, at) => (
        <section key={name} aria-label={name}>
          <h3 className="font-medium">
            <ArmSwatch arm={at + 1} /> {name}
          </h3>
          <dl className="divide-y divide-edge">
            {differences
              .filter((row) => row.arm === at + 1)
              .map((row) => (
                <div key={row.figure} className="grid grid-cols-[1fr_auto] gap-x-3 py-1.5">
                  <dt>{figureNames[row.figure]}</dt>
                  <dd>
                    <VerdictLabel row={row} />
                  </dd>
                  <dd className="text-ink-soft">
                    {formatValue(row, row.reference)} → {formatValue(row, row.value)}
                  </dd>
                  <dd className="text-right">
                    <Change row={row} />
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

/** Winners are counts of a run; everything else is a percentage. */
const formatValue = ({ figure }: StudyDifference, value: number | null): string =>
  value === null ? notApplicable : figure === "winners" ? value.toFixed(1) : formatPercent(value);

const formatDifference = ({ figure }: StudyDifference, value: number): string => (figure === "winners" ? formatSigned(value / 100) : formatPoints(value));

function Change({ row }: { row: StudyDifference }) {
  const { difference } = row;
  if (difference === null) return <>{notApplicable}</>;
  return (
    <>
      <span className="font-semibold">{formatDifference(row, difference.value)}</span>
      <span className="block text-xs text-ink-faint">
        {formatDifference(row, difference.low).replace(/\spoints$/, "")} to {formatDifference(row, difference.high)}
      </span>
    </>
  );
}

const verdictColors: Record<Verdict, string> = { differs: "text-ink", inside_noise: "text-ink-soft", too_few: "text-ink-faint" };

/** Icon, word and weight: none of them alone. */
function VerdictLabel({ row: { verdict, difference, p_adjusted: p } }: { row: StudyDifference }) {
  const Icon = verdict === "too_few" ? CircleHelp : verdict === "inside_noise" ? Equal : (difference?.value ?? 0) < 0 ? TrendingDown : TrendingUp;
  return (
    <span
      className={classNames("inline-flex items-center gap-1.5 whitespace-nowrap", verdictColors[verdict], verdict === "differs" && "font-semibold")}
      title={p === null ? "Fewer than 10 candidates in an arm" : `p ${p < 0.001 ? "< 0.001" : p.toFixed(3)}`}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      {verdictWords[verdict]}
    </span>
  );
}
