import { count, duration, nothing, percent, tellEstimate } from "../format";
import type { ReportSection } from "../page";
import type { Report } from "../views";

/** Every cycle in one line, and how the programs ended. */
export function toCycles({ cycles, outcomes, run }: Report): ReportSection {
  const { generated } = run.counts;
  if (generated === 0) return { id: "cycles", title: "Cycle by cycle", blocks: [{ kind: "text", text: "No program has been written yet." }] };
  return {
    id: "cycles",
    title: "Cycle by cycle",
    blocks: [
      {
        kind: "table",
        caption: "Rates and means with 95 % intervals and n; generated = rated + pending + cancelled + lost with a worker",
        table: {
          columns: [
            { title: "cycle", number: true },
            { title: "written by" },
            ...["generated", "rated", "valid rate", "mean accuracy", "report split", "above 40 %, of valid", "of rated", "novel, of valid", "winners", "selected", "best", "time"].map((title) => ({ title, number: true })),
          ],
          rows: cycles.map((cycle) => [
            String(cycle.number),
            `${cycle.has_adapter ? "adapter" : run.model === "grammar" ? "grammar" : "base model"}${cycle.stage === "ended" ? "" : ` (${cycle.stage})`}`,
            count(cycle.generated),
            count(cycle.rated),
            tellEstimate(cycle.valid_rate),
            tellEstimate(cycle.accuracy_mean),
            tellEstimate(cycle.report_accuracy_mean),
            tellEstimate(cycle.share_above_threshold),
            tellEstimate(cycle.share_above_threshold_of_rated),
            tellEstimate(cycle.novelty_rate),
            count(cycle.winners),
            count(cycle.selected),
            cycle.best === null ? nothing : percent(cycle.best.accuracy),
            duration(cycle.seconds.wall),
          ]),
        },
      },
      {
        kind: "table",
        caption: `How ${count(generated)} programs ended`,
        table: {
          columns: [{ title: "outcome" }, { title: "programs", number: true }, { title: "of all", number: true }],
          rows: [
            ...outcomes.map((one) => [one.outcome === "ok" ? "valid" : one.outcome.replaceAll("_", " "), count(one.count), percent(one.count / generated)]),
            ...(run.counts.pending === 0 ? [] : [["not ended yet", count(run.counts.pending), percent(run.counts.pending / generated)]]),
          ],
        },
      },
    ],
  };
}
