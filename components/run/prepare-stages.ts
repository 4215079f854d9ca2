import type { CycleFigures } from "../../server/cycle/views";
import type { RunProgress, SecondsRange } from "../../server/run/views";
import { formatDuration } from "../ui/format";
import type { StageStep } from "./stage-bar";

/** The stages of the newest cycle with what is done of each. The last cycle, and a frozen control, have no fine-tuning. */
export function prepareStages(progress: RunProgress, cyclesPlanned: number, fineTuning: boolean, cycle: CycleFigures | undefined): StageStep[] {
  const { planned, written, evaluated, stage, finetune } = progress;
  const ended = stage === "ended";
  const selected = ended || stage === "finetuning";
  const steps: StageStep[] = [
    {
      stage: "generating",
      done: planned === 0 ? 0 : written / planned,
      figure: `${written} of ${planned}`,
      current: stage === "generating",
    },
    {
      stage: "evaluating",
      done: planned === 0 ? 0 : evaluated / planned,
      figure: `${evaluated} of ${planned}`,
      // Evaluation runs beside writing, so both may be current.
      current: stage === "evaluating" || (stage === "generating" && written > 0),
    },
    {
      stage: "selecting",
      done: selected ? 1 : stage === "selecting" ? null : 0,
      figure: selected && cycle !== undefined ? `${cycle.selected} selected` : "",
      current: stage === "selecting",
    },
  ];
  if (fineTuning && progress.cycle + 1 < cyclesPlanned) {
    steps.push({
      stage: "finetuning",
      done: ended ? 1 : finetune === null ? (stage === "finetuning" ? null : 0) : finetune.step / Math.max(1, finetune.total_steps),
      figure: finetune === null ? "" : `step ${finetune.step} of ${finetune.total_steps}`,
      current: stage === "finetuning",
    });
  }
  return steps;
}

/** What is left, as a range; the same words everywhere. */
export function formatRange({ seconds_low, seconds_high }: SecondsRange): string {
  if (seconds_high < 3) return "a few seconds";
  const low = formatDuration(seconds_low);
  const high = formatDuration(seconds_high);
  return low === high ? high : `${low} to ${high}`;
}
