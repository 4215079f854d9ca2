"use client";

import { useMemo } from "react";

import { isPaperData } from "../../server/contract/paper";
import type { RunDetail } from "../../server/run/views";
import type { RunViewState, SetRunView } from "../candidate/use-run-view";
import { ChartFrame } from "../chart/chart-frame";
import { Funnel } from "../chart/funnel";
import { LazyAccuracyChart, LazyJaccardChart, LazyLossChart, LazyOutcomeChart, LazyRateChart } from "../chart/lazy";
import { paperReferences } from "../chart/paper-references";
import { prepareAccuracy } from "../chart/prepare-accuracy";
import { type FunnelKey, prepareFunnel } from "../chart/prepare-funnel";
import { prepareJaccard } from "../chart/prepare-jaccard";
import { prepareLoss } from "../chart/prepare-loss";
import { prepareOutcomes } from "../chart/prepare-outcomes";
import { prepareNoveltyRate, prepareShare, prepareValidRate } from "../chart/prepare-rates";
import { AdapterLink } from "../run/adapter-link";
import { CycleFacts } from "./cycle-facts";
import { CyclePicker } from "./cycle-picker";

interface CycleSectionProps {
  run: RunDetail;
  view: RunViewState;
  setView: SetRunView;
}

/** A funnel step as a filter of the list below. */
const stepFilters: Record<FunnelKey, Partial<RunViewState>> = {
  generated: {},
  parsed: {},
  built: {},
  valid: { outcome: ["ok"] },
  novel: { outcome: ["ok"], novel: true },
  selected: { selected: true },
};

/** The paper's figures are of CIFAR-10 and would mislead beside those of other data. */
const noReferences = { valid: [], accuracy: [], share: [] };

const noFilter = { outcome: null, state: null, novel: null, selected: null };

/** What the cycles gave: one column a cycle in every chart, the chosen cycle in detail. */
export function CycleSection({ run, view, setView }: CycleSectionProps) {
  const { cycles } = run;
  const corpus = run.config.corpus_version;
  const { tests } = run.config.novelty;
  const models = useMemo(
    () => ({
      accuracy: prepareAccuracy(cycles),
      valid: prepareValidRate(cycles),
      share: prepareShare(cycles),
      novelty: prepareNoveltyRate(cycles, corpus, tests),
      outcomes: prepareOutcomes(cycles),
    }),
    [cycles, corpus, tests],
  );
  const references = isPaperData(run.recipe) ? paperReferences : noReferences;
  const newest = cycles.at(-1);
  const chosen = cycles.find((cycle) => cycle.number === view.cycle) ?? null;
  const shown = chosen ?? newest;
  if (shown === undefined) return null;
  // Without a choice, the newest cycle that has something to show of each.
  const withNeighbours = chosen ?? cycles.findLast((cycle) => cycle.valid > cycle.jaccard_unknown) ?? shown;
  const withLoss = chosen ?? cycles.findLast((cycle) => cycle.fine_tuning !== null) ?? shown;

  const select = (cycle: number): void => {
    if (cycle >= 0 && cycle < cycles.length) setView({ cycle: cycle === view.cycle ? null : cycle });
  };
  const over = { planned: run.cycles_planned, selected: shown.number, onSelect: select };
  const funnel = prepareFunnel(shown, shown.selection_threshold !== null || shown.stage === "ended" || shown.stage === "finetuning");
  return (
    <section aria-label="Cycles" className="grid gap-3">
      <CyclePicker cycles={cycles} planned={run.cycles_planned} chosen={chosen?.number ?? null} onChoose={(cycle) => setView({ cycle })} />
      <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
        <ChartFrame text={{ ...funnel, title: `Cycle ${shown.number}: ${funnel.title}` }}>
          <Funnel model={funnel} onFilter={(step) => setView({ ...noFilter, ...stepFilters[step], cycle: shown.number })} />
        </ChartFrame>
        <LazyAccuracyChart model={models.accuracy} {...over} references={references.accuracy} />
        <LazyRateChart model={models.valid} {...over} references={references.valid} />
        <LazyRateChart model={models.share} {...over} references={references.share} />
        <LazyRateChart model={models.novelty} {...over} />
        <LazyOutcomeChart model={models.outcomes} {...over} onFilter={(cycle, outcome) => setView({ ...noFilter, cycle, outcome })} />
        <LazyJaccardChart model={prepareJaccard(withNeighbours, run.config)} />
        <LazyLossChart
          model={prepareLoss(withLoss, withLoss.number + 1 >= run.cycles_planned, run.fine_tuning)}
          legend={<AdapterLink run={run.id} cycle={withLoss} />}
        />
        <CycleFacts cycle={shown} run={run} />
      </div>
    </section>
  );
}
