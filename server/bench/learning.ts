/**
 * `npm run bench -- learning [--preset starter] [--seeds 5] [--fresh]`: does the loop learn? Runs the preset on the running
 * instance once for each seed, and beside it the frozen control of the same seed (`fine_tuning=false`), and prints the table
 * of the README. A finished run of the same name and configuration is used again unless `--fresh`, so the command can be
 * interrupted and called again.
 *
 * The control's cycles are all draws of the same generator and are pooled. Differences are last cycle minus control with a
 * bootstrap over seeds, then candidates. Selection split: what the loop selects on. Report split: what nothing selects on.
 */
import { isDeepStrictEqual, parseArgs } from "node:util";

import { ask } from "../cli/api";
import { waitForRun } from "../cli/run-wait";
import { isPresetName, presets } from "../contract/presets";
import type { RunConfig } from "../contract/run-config";
import { bootstrapDifference, mean, rate, type Difference, type Mean, type Rate } from "../contract/statistics";
import { reportThreshold } from "../contract/words";
import type { CycleFigures } from "../cycle/views";
import type { RunDetail } from "../trpc/types";
import { benchIo } from "./bench-io";

const { values: options } = parseArgs({
  options: {
    preset: { type: "string", default: "starter" },
    seeds: { type: "string", default: "5" },
    fresh: { type: "boolean", default: false },
  },
});

interface Pair {
  seed: number;
  treated: RunDetail;
  control: RunDetail;
}

async function runPairs(): Promise<Pair[]> {
  if (!isPresetName(options.preset)) throw new Error(`--preset: there is no preset ${options.preset}`);
  const base: RunConfig = presets[options.preset];
  const started = [];
  for (let seed = 0; seed < Number(options.seeds); seed += 1) {
    const treated = await findOrStart({ ...base, seed }, `learning, seed ${seed}`);
    const control = await findOrStart({ ...base, seed, fine_tuning: false }, `frozen control, seed ${seed}`);
    started.push({ seed, treated, control });
  }
  const ended: Pair[] = [];
  for (const { seed, treated, control } of started) {
    ended.push({ seed, treated: await finish(treated), control: await finish(control) });
    console.error(`seed ${seed}: ${treated} and ${control} have ended`);
  }
  return ended;
}

async function findOrStart(config: RunConfig, name: string): Promise<string> {
  if (!options.fresh) {
    const runs = await ask(benchIo, (api) => api.run.list.query());
    for (const { id } of runs.filter((run) => run.name === name && run.state !== "failed" && run.state !== "cancelled")) {
      const known = await ask(benchIo, (api) => api.run.get.query({ id }));
      if (isDeepStrictEqual(known.config, config) && known.cycles_planned === config.cycles) return id;
    }
  }
  const set = { seed: config.seed, fine_tuning: config.fine_tuning };
  return (await ask(benchIo, (api) => api.run.start.mutate({ preset: config.preset, set, name }))).id;
}

async function finish(id: string): Promise<RunDetail> {
  const run = await waitForRun(benchIo, id);
  if (run.state !== "finished") throw new Error(`${id} is ${run.state}: ${run.error ?? "no reason given"}`);
  return run;
}

function print(measured: Pair[]): void {
  const selection = difference(measured, (cycle) => cycle.accuracy_points.map((point) => point.accuracy));
  const report = difference(measured, (cycle) => cycle.accuracy_points.flatMap((point) => point.report_accuracy ?? []));
  const trend = bootstrapDifference(
    measured.map(({ control }) => ({ control: accuracies(firstHalf(control)), treated: accuracies(secondHalf(control)) })),
  );
  console.log(`${measured.length} seeds of preset ${options.preset}, each beside its frozen control; 95 % intervals.\n`);
  console.log("| cycle | valid rate | mean accuracy | report split | share >= 40 % | novel among valid |");
  console.log("|---|---|---|---|---|---|");
  const numbers = measured[0]?.treated.cycles.map((cycle) => cycle.number) ?? [];
  for (const number of numbers) printRow(String(number), measured.flatMap(({ treated }) => treated.cycles.slice(number, number + 1)));
  printRow("control, all cycles", measured.flatMap(({ control }) => control.cycles));
  console.log("");
  console.log(`Last cycle minus control, selection split: ${points(selection)}`);
  console.log(`Last cycle minus control, report split: ${points(report)}`);
  console.log(`Control, second half of its cycles minus first half: ${points(trend)}`);
  for (const { seed, treated, control } of measured) console.log(`Seed ${seed}: ${treated.id}, control ${control.id}`);
}

function printRow(label: string, cycles: CycleFigures[]): void {
  const total = (count: (cycle: CycleFigures) => number) => cycles.reduce((sum, cycle) => sum + count(cycle), 0);
  const values = accuracies(cycles);
  const reported = cycles.flatMap((cycle) => cycle.accuracy_points.flatMap((point) => point.report_accuracy ?? []));
  const valid = total((cycle) => cycle.valid);
  const cells = [
    share(rate(valid, total((cycle) => cycle.rated))),
    average(mean(values)),
    average(mean(reported)),
    share(rate(values.filter((value) => value >= reportThreshold).length, valid)),
    share(rate(total((cycle) => cycle.novel), valid)),
  ];
  console.log(`| ${label} | ${cells.join(" | ")} |`);
}

const accuracies = (cycles: CycleFigures[]) => cycles.flatMap((cycle) => cycle.accuracy_points.map((point) => point.accuracy));
const firstHalf = (run: RunDetail) => run.cycles.slice(0, run.cycles.length >> 1);
const secondHalf = (run: RunDetail) => run.cycles.slice(run.cycles.length >> 1);

/** Last cycle minus all cycles of the control. */
function difference(measured: Pair[], read: (cycle: CycleFigures) => number[]): Difference | null {
  return bootstrapDifference(
    measured.map(({ treated, control }) => ({
      treated: treated.cycles.slice(-1).flatMap(read),
      control: control.cycles.flatMap(read),
    })),
  );
}

const percent = (value: number) => (100 * value).toFixed(1);
const share = (value: Rate | null) =>
  value === null ? "-" : `${percent(value.value)} % (${percent(value.low)}-${percent(value.high)}, n ${value.n})`;
const average = (value: Mean | null) =>
  value === null || value.low === null || value.high === null
    ? "-"
    : `${percent(value.value)} % (${percent(value.low)}-${percent(value.high)}, n ${value.n})`;
const points = (value: Difference | null) =>
  value === null ? "-" : `${percent(value.value)} points (${percent(value.low)} to ${percent(value.high)})`;

print(await runPairs());
