import type { CandidateDetail, Evaluation } from "../trpc/types";
import { ask, askPatiently } from "./api";
import type { Command } from "./command";
import { toDuration, toJson, toPercent } from "./format";
import type { CommandIo } from "./io";
import { jsonOption } from "./json-option";
import { CommandProblem } from "./problem";
import { createProgress } from "./progress";
import { toFacts, toTable } from "./table";

const show: Command = {
  name: "candidate show",
  description: "Shows a candidate: its fate, figures, nearest neighbour, evaluations and code.",
  positionals: ["candidate"],
  options: jsonOption,
  async run(input, io) {
    const candidate = await ask(io, (api) => api.candidate.get.query({ id: input.positional(0) }));
    io.write(input.flag("json") ? toJson(candidate) : toCandidateText(candidate));
    return 0;
  },
};

const rerun: Command = {
  name: "candidate rerun",
  description: "Evaluates a candidate once more, before queued work; its own figures stay.",
  positionals: ["candidate"],
  options: {
    seed: { type: "string", value: "<n>", description: "another seed; without it, that of its first evaluation" },
    confirm: { type: "boolean", description: "queue it although the same is already waiting or running" },
    wait: { type: "boolean", description: "wait for its end; exit code 1 when it was lost or cancelled" },
    ...jsonOption,
  },
  async run(input, io) {
    const id = input.positional(0);
    const queued = await ask(io, (api) =>
      api.candidate.rerun.mutate({ id, seed: input.integer("seed"), confirm: input.flag("confirm") }),
    );
    if (!input.flag("wait")) {
      io.write(input.flag("json") ? toJson(queued) : `${queued.evaluation_id}\n`);
      return 0;
    }
    const evaluation = await waitForEvaluation(io, id, queued.evaluation_id);
    io.write(input.flag("json") ? toJson(evaluation) : toEvaluationsText([evaluation]));
    return evaluation.outcome === "worker_lost" || evaluation.outcome === "cancelled" ? 1 : 0;
  },
};

const cancel: Command = {
  name: "candidate cancel",
  description: "Ends a re-run that waits or runs, e.g. R3.2.017e2; what has ended stays.",
  positionals: ["evaluation"],
  options: jsonOption,
  async run(input, io) {
    const answer = await ask(io, (api) => api.candidate.cancelEvaluation.mutate({ id: input.positional(0) }));
    io.write(input.flag("json") ? toJson(answer) : `${answer.evaluation_id} ${answer.cancelling ? "is cancelled" : "had ended"}\n`);
    return 0;
  },
};

const lookMs = 300;

async function waitForEvaluation(io: CommandIo, candidate: string, id: string): Promise<Evaluation> {
  const progress = createProgress(io);
  for (;;) {
    const { evaluations } = await askPatiently(io, (api) => api.candidate.get.query({ id: candidate }));
    const evaluation = evaluations.find((one) => one.id === id);
    if (evaluation === undefined) throw new CommandProblem(`${id} is gone: its run was deleted.`);
    if (evaluation.state === "ended") {
      progress.clear();
      return evaluation;
    }
    progress.show(`${id} is ${evaluation.state}`);
    await io.sleep(lookMs);
    if (io.signal.aborted) throw new CommandProblem(`${id} goes on: npm run -s archloom -- candidate show ${candidate}.`);
  }
}

function toCandidateText(candidate: CandidateDetail): string {
  const { error, neighbour, repeatability } = candidate;
  const facts = toFacts([
    ["candidate", candidate.id],
    ["run", `${candidate.run} ${candidate.run_name}`],
    ["state", candidate.outcome === null ? candidate.state : `${candidate.state}: ${candidate.outcome}`],
    ["error", error === null ? null : `${error.type ?? ""}: ${error.message ?? ""}${error.line === null ? "" : ` (line ${error.line})`}`],
    ["fail alike", candidate.failure_peers > 0 ? candidate.failure_peers : null],
    ["accuracy %", toPercent(candidate.accuracy)],
    ["report accuracy %", toPercent(candidate.report_accuracy)],
    ["parameters", candidate.parameters],
    ["novel", candidate.novel === null ? null : candidate.novel ? "yes" : "no"],
    ["nearest", neighbour === null ? null : `${neighbour.id}, Jaccard ${neighbour.jaccard.toFixed(3)}`],
    ["structure of", candidate.twin?.id ?? null],
    ["refused by", candidate.refused_by?.replaceAll("_", " ") ?? null],
    ["selected as", candidate.selection_reason],
    ["written by", `${candidate.model}${candidate.has_adapter ? ", fine-tuned" : ""}`],
    ["prompt", candidate.prompt_template],
    ["spread over seeds", repeatability === null ? null : `sd ${toPercent(repeatability.sd)} points, n=${repeatability.n}`],
  ]);
  return `${facts}\n${toEvaluationsText(candidate.evaluations)}\n${candidate.code ?? "(no program)"}\n`;
}

const toEvaluationsText = (evaluations: readonly Evaluation[]) =>
  toTable(evaluations, [
    { title: "evaluation", value: (one) => one.id },
    { title: "seed", value: (one) => one.seed, right: true },
    { title: "state", value: (one) => one.outcome ?? one.state },
    { title: "accuracy %", value: (one) => toPercent(one.accuracy), right: true },
    { title: "difference", value: (one) => toPercent(one.accuracy_difference), right: true },
    { title: "report %", value: (one) => toPercent(one.report_accuracy), right: true },
    { title: "time", value: (one) => (one.wall_seconds === null ? null : toDuration(one.wall_seconds)), right: true },
  ]);

export const candidateCommands: readonly Command[] = [show, rerun, cancel];
