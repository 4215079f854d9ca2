import { count, duration, nothing, plural } from "../format";
import type { ReportBlock, ReportSection } from "../page";
import type { Report } from "../views";

/** What it took, and on what. */
export function toCostSection(report: Report): ReportSection {
  return { id: "cost", title: "Cost, versions and hardware", blocks: [toCostTable(report), ...toHardware(report)] };
}

function toCostTable({ cost, run }: Report): ReportBlock {
  return {
    kind: "facts",
    facts: [
      { label: "Wall time", value: `${duration(cost.wall_seconds)}, from first work to ${run.ended_at === null ? "now" : "the end"}` },
      {
        label: "Work by stage",
        value: `writing ${duration(cost.generate_seconds)}, evaluation ${duration(cost.evaluate_seconds)} (all slots together), selection ${duration(cost.select_seconds)}, fine-tuning ${duration(cost.finetune_seconds)}`,
      },
      { label: "Work in all", value: duration(cost.work_seconds) },
      { label: "Tokens", value: `${count(cost.tokens_written)} written, ${count(cost.tokens_trained)} trained on` },
      { label: "For each valid program", value: tellShare(cost.seconds_per_valid, cost.tokens_per_valid) },
      { label: "For each winner", value: tellShare(cost.seconds_per_winner, cost.tokens_per_winner) },
    ],
  };
}

function tellShare(seconds: number | null, tokens: number | null): string {
  return seconds === null || tokens === null ? "there is none yet" : `${duration(seconds)} of work, ${count(Math.round(tokens))} tokens written`;
}

function toHardware({ workers, evaluations, archloom_version: version }: Report): ReportBlock[] {
  if (workers.length === 0) return [{ kind: "text", text: "No worker has ended any work of this run." }];
  const protection = evaluations.map((one) => `${plural(one.count, "evaluation")} on ${one.device ?? "cpu"} under ${one.protection_level ?? "unknown"} protection`);
  return [
    {
      kind: "table",
      caption: `Workers that did its work, with the versions they ran (Archloom ${version})`,
      table: {
        columns: [{ title: "worker" }, { title: "device" }, { title: "slots", number: true }, { title: "protection" }, { title: "versions" }, ...["batches written", "evaluations", "fine-tunings"].map((title) => ({ title, number: true }))],
        rows: workers.map((worker) => [
          worker.name,
          worker.device,
          String(worker.slots),
          worker.protection_level ?? nothing,
          Object.entries(worker.versions).map(([name, number]) => `${name} ${number}`).toSorted().join(", ") || nothing,
          count(worker.batches),
          count(worker.evaluations),
          count(worker.fine_tunings),
        ]),
      },
    },
    ...(protection.length === 0 ? [] : [{ kind: "text" as const, text: `The figures are of ${protection.join("; ")}.` }]),
  ];
}
