/**
 * `npm run bench -- collapse [--preset starter-22] [--seeds 31,32,33] [--fresh]`: does the loop keep inventing? Runs the preset
 * on the running instance once for each seed, one after the other, and prints the last five cycles beside cycle 0, as in the
 * README. A finished run of the same seed and configuration is used again unless `--fresh`. Minutes are from a run's first
 * claim to its end: they say something only of runs that ran alone.
 */
import { isDeepStrictEqual, parseArgs } from "node:util";

import { ask } from "../cli/api";
import { waitForRun } from "../cli/run-wait";
import { isPresetName, presets } from "../contract/presets";
import type { RunConfig } from "../contract/run-config";
import { type Mean, mean, type Rate, rate } from "../contract/statistics";
import type { CycleFigures } from "../cycle/views";
import type { RunDetail } from "../trpc/types";
import { benchIo } from "./bench-io";

const lastCycles = 5;

const { values: options } = parseArgs({
  options: {
    preset: { type: "string", default: "starter-22" },
    seeds: { type: "string", default: "31,32,33" },
    fresh: { type: "boolean", default: false },
  },
});

async function runSeed(seed: number): Promise<RunDetail> {
  if (!isPresetName(options.preset)) throw new Error(`--preset: there is no preset ${options.preset}`);
  const config: RunConfig = { ...presets[options.preset], seed };
  const run = await waitForRun(benchIo, (await findRun(config)) ?? (await startRun(config)));
  if (run.state !== "finished") throw new Error(`${run.id} is ${run.state}: ${run.error ?? "no reason given"}`);
  return run;
}

async function findRun(config: RunConfig): Promise<string | undefined> {
  if (options.fresh) return undefined;
  const runs = await ask(benchIo, (api) => api.run.list.query());
  for (const { id } of runs.filter((run) => run.state !== "failed" && run.state !== "cancelled")) {
    const known = await ask(benchIo, (api) => api.run.get.query({ id }));
    if (isDeepStrictEqual(known.config, config) && known.cycles_planned === config.cycles) return id;
  }
  return undefined;
}

const startRun = async ({ preset, seed }: RunConfig) =>
  (await ask(benchIo, (api) => api.run.start.mutate({ preset, set: { seed } }))).id;

function print(runs: readonly RunDetail[]): void {
  console.log(`${runs.length} seeds of preset ${options.preset}; last = last ${lastCycles} cycles; 95 % intervals.\n`);
  console.log("| seed | valid, cycle 0 | valid, last | novel of valid, last | mean accuracy, cycle 0 | mean accuracy, last | winners | minutes |");
  console.log("|---|---|---|---|---|---|---|---|");
  for (const run of runs) printRow(String(run.config.seed), [run], toMinutes(run));
  printRow("all", runs, "");
}

function printRow(label: string, runs: readonly RunDetail[], minutes: string): void {
  const first = runs.flatMap((run) => run.cycles.slice(0, 1));
  const last = runs.flatMap((run) => run.cycles.slice(-lastCycles));
  const winners = runs.reduce((sum, run) => sum + run.winners, 0);
  const cells = [label, valid(first), valid(last), novel(last), accuracy(first), accuracy(last), winners, minutes];
  console.log(`| ${cells.join(" | ")} |`);
}

const percent = (value: number) => (100 * value).toFixed(1);

const total = (cycles: readonly CycleFigures[], count: (cycle: CycleFigures) => number) =>
  cycles.reduce((sum, cycle) => sum + count(cycle), 0);
const valid = (cycles: CycleFigures[]) => share(rate(total(cycles, (one) => one.valid), total(cycles, (one) => one.rated)));
const novel = (cycles: CycleFigures[]) => share(rate(total(cycles, (one) => one.novel), total(cycles, (one) => one.valid)));
const accuracy = (cycles: CycleFigures[]) => share(mean(cycles.flatMap((one) => one.accuracy_points.map((point) => point.accuracy))));

function share(figure: Rate | Mean | null): string {
  if (figure === null || figure.low === null || figure.high === null) return "-";
  return `${percent(figure.value)} % (${percent(figure.low)}-${percent(figure.high)}, n ${figure.n})`;
}

function toMinutes({ started_at: start, ended_at: end }: RunDetail): string {
  return start === null || end === null ? "-" : ((Date.parse(end) - Date.parse(start)) / 60_000).toFixed(1);
}

const measured: RunDetail[] = [];
for (const seed of options.seeds.split(",").map(Number)) measured.push(await runSeed(seed));
print(measured);
