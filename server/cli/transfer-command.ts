import type { Transfer, TransferView } from "../trpc/types";
import { ask, askPatiently } from "./api";
import type { Command } from "./command";
import { toJson, toPercent } from "./format";
import type { CommandIo } from "./io";
import { jsonOption } from "./json-option";
import { CommandProblem } from "./problem";
import { createProgress } from "./progress";
import { toFacts, toTable } from "./table";

const lookMs = 1_000;

const transfer: Command = {
  name: "run transfer",
  description: "Evaluates a run's winners under another recipe, and shows how their accuracy shifts.",
  positionals: ["run"],
  options: {
    recipe: { type: "string", value: "<name>", description: "the other recipe, e.g. cifar10" },
    best: { type: "string", value: "<n>", description: "only so many of the most accurate winners" },
    cancel: { type: "boolean", description: "cancel what is waiting or running under the recipe instead; what has ended stays" },
    wait: { type: "boolean", description: "wait until all are evaluated and show them" },
    ...jsonOption,
  },
  async run(input, io) {
    const run = input.positional(0);
    const recipe = input.text("recipe");
    const limit = input.integer("best");
    if (recipe === undefined) throw new CommandProblem("--recipe is missing: the recipe to evaluate the winners under.");
    if (input.flag("cancel")) {
      const answer = await ask(io, (api) => api.transfer.cancel.mutate({ run, recipe }));
      io.write(input.flag("json") ? toJson(answer) : `${run}: ${answer.cancelled} evaluations under ${recipe} cancelled\n`);
      return 0;
    }
    const started = await ask(io, (api) => api.transfer.start.mutate({ run, recipe, limit }));
    if (!input.flag("wait")) {
      io.write(input.flag("json") ? toJson(started) : `${run}: ${started.queued} evaluations queued under ${recipe}\n`);
      return 0;
    }
    const { view, transfer: ended } = await waitForTransfer(io, run, recipe);
    io.write(input.flag("json") ? toJson(ended) : toText(view, ended));
    return 0;
  },
};

async function waitForTransfer(io: CommandIo, run: string, recipe: string): Promise<{ view: TransferView; transfer: Transfer }> {
  const progress = createProgress(io);
  for (;;) {
    if (io.signal.aborted) throw left(run, recipe);
    const view = await askPatiently(io, (api) => api.transfer.get.query({ run })).catch((error: unknown) => {
      throw io.signal.aborted ? left(run, recipe) : error;
    });
    const found = view.transfers.find((one) => one.recipe === recipe);
    if (found === undefined) throw new CommandProblem(`${run} has nothing under ${recipe} any more.`);
    if (found.waiting === 0) {
      progress.clear();
      return { view, transfer: found };
    }
    progress.show(`${run} under ${recipe}: ${found.candidates.length - found.waiting} of ${found.candidates.length} evaluated${view.slots === 0 ? ", waiting for a worker" : ""}`);
    await io.sleep(lookMs);
  }
}

const left = (run: string, recipe: string) =>
  new CommandProblem(`The evaluations go on without this command: npm run -s archloom -- run transfer ${run} --recipe ${recipe} --wait.`);

function toText({ run, recipe: own }: TransferView, { recipe, candidates, valid, failed, shift, rank_correlation: rank }: Transfer): string {
  const facts = toFacts([
    ["transfer", `${run}, ${own} to ${recipe}`],
    ["winners", `${candidates.length}: ${valid} valid under both, ${failed} failed`],
    ["shift", shift === null ? "none: no winner is valid under both" : `${toPoints(shift.value)} points${shift.low === null || shift.high === null ? "" : ` [${toPoints(shift.low)}, ${toPoints(shift.high)}]`} n=${shift.n}`],
    ["rank correlation", rank === null ? null : rank.toFixed(2)],
  ]);
  const rows = toTable(candidates, [
    { title: "winner", value: (one) => one.id },
    { title: `${own} %`, value: (one) => toPercent(one.report_accuracy), right: true },
    { title: `${recipe} %`, value: (one) => toPercent(one.transferred_report_accuracy), right: true },
    { title: "outcome", value: (one) => one.outcome ?? "waiting" },
  ]);
  return `${facts}\n${rows}\nAccuracy on the report split; shift with a 95 % interval of the paired differences.\n`;
}

const toPoints = (difference: number): string => `${difference < 0 ? "-" : "+"}${(100 * Math.abs(difference)).toFixed(1)}`;

export const transferCommands: readonly Command[] = [transfer];
