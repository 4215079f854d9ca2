import type { CycleFigures, FineTuning } from "../../server/cycle/views";
import { formatCount, formatSeconds, plural } from "../ui/format";
import type { ChartText } from "./model";

export interface LossModel extends ChartText {
  /** Runs of finite points: a loss that is not a number breaks the line. */
  lines: { step: number; loss: number }[][];
  broken: number[];
  lastStep: number;
  lowest: number;
  highest: number;
}

const emptyTable = { columns: ["Step", "Loss", "Learning rate", "Gradient norm"], rows: [] };

/** Training loss of the fine-tuning after one cycle, raw: no smoothing. */
export function prepareLoss(cycle: CycleFigures, isLastPlanned: boolean, fineTuning: boolean): LossModel {
  const tuning = cycle.fine_tuning;
  if (tuning === null) {
    return {
      lines: [],
      broken: [],
      lastStep: 1,
      lowest: 0,
      highest: 1,
      title: `Cycle ${cycle.number}: no fine-tuning`,
      summary: fineTuning
        ? isLastPlanned
          ? "The last cycle has none: no cycle would be written by it."
          : cycle.stage === "ended"
            ? "Nothing was selected, so the next cycle is written by the same model."
            : "It starts when the cycle's programs are judged and selected."
        : "Switched off in this run: every cycle is written by the base model (frozen control).",
      table: emptyTable,
    };
  }
  return { ...toLines(tuning), ...tell(cycle.number, tuning), table: toTable(tuning) };
}

function toLines(tuning: FineTuning): Omit<LossModel, keyof ChartText> {
  const lines: LossModel["lines"] = [];
  const broken: number[] = [];
  let line: LossModel["lines"][number] = [];
  for (const point of tuning.points) {
    if (Number.isFinite(point.loss)) {
      if (line.length === 0) lines.push(line);
      line.push({ step: point.step, loss: point.loss });
    } else {
      broken.push(point.step);
      line = [];
    }
  }
  const losses = lines.flat().map((point) => point.loss);
  return {
    lines,
    broken,
    lastStep: Math.max(1, tuning.total_steps ?? tuning.steps, ...tuning.points.map((point) => point.step)),
    lowest: 0,
    highest: losses.length === 0 ? 1 : Math.max(...losses) * 1.05,
  };
}

function tell(cycle: number, tuning: FineTuning): Pick<ChartText, "title" | "summary"> {
  const first = tuning.points[0];
  const last = tuning.points.at(-1);
  const of = tuning.total_steps === null ? "" : ` of ${formatCount(tuning.total_steps)}`;
  return {
    title:
      first === undefined || last === undefined
        ? `Fine-tuning after cycle ${cycle} starts`
        : `Fine-tuning after cycle ${cycle}: loss ${first.loss.toFixed(3)} → ${last.loss.toFixed(3)}`,
    summary: `${plural(tuning.pairs, "training pair")}${tuning.replayed === 0 ? "" : ` (${formatCount(tuning.replayed)} of the corpus)`}, ${plural(tuning.steps, "step")}${of}${
      tuning.seconds === null ? "" : `, ${formatSeconds(tuning.seconds)}`
    }${tuning.state === "training" ? "; still training" : ""}. Raw training loss, no smoothing.`,
  };
}

const toTable = (tuning: FineTuning): ChartText["table"] => ({
  columns: emptyTable.columns,
  rows: tuning.points.map((point) => [
    String(point.step),
    Number.isFinite(point.loss) ? point.loss.toFixed(4) : "not a number",
    point.learning_rate === null ? "–" : point.learning_rate.toExponential(2),
    point.grad_norm === null ? "–" : point.grad_norm.toFixed(3),
  ]),
});
