/**
 * `npm run bench -- cycle [--preset starter] [--seed 7]`: seconds a cycle, alone on the running instance. Runs the preset
 * once and prints the wall time of each cycle and of its stages. Refuses when other runs are under way: they share slots.
 */
import { parseArgs } from "node:util";

import { ask } from "../cli/api";
import { waitForRun } from "../cli/run-wait";
import { benchIo } from "./bench-io";

const { values: options } = parseArgs({
  options: { preset: { type: "string", default: "starter" }, seed: { type: "string", default: "7" } },
});

const runs = await ask(benchIo, (api) => api.run.list.query());
if (runs.some(({ state }) => ["waiting", "running", "pausing", "cancelling"].includes(state))) {
  throw new Error("Other runs are under way; wait for them or pause them.");
}
const set = { seed: Number(options.seed) };
const { id } = await ask(benchIo, (api) => api.run.start.mutate({ preset: options.preset, set, name: "cycle bench" }));
const run = await waitForRun(benchIo, id);
const seconds = (value: number | null) => (value === null ? "-" : value.toFixed(1));
console.log(`${id}, ${run.cycles_planned} cycles of ${run.candidates_per_cycle}; seconds\n`);
console.log("| cycle | wall | writing | evaluating (all slots) | novelty and selection | fine-tuning |");
console.log("|---|---|---|---|---|---|");
for (const cycle of run.cycles) {
  const { wall, generate, evaluate, select, finetune } = cycle.seconds;
  console.log(`| ${cycle.number} | ${[wall, generate, evaluate, select, finetune].map(seconds).join(" | ")} |`);
}
