import { presets } from "../contract";
import type { RouterInputs, RunDetail } from "../trpc/types";
import { ask } from "./api";
import { toAssignment } from "./assignment";
import type { Command, Input } from "./command";
import { toJson } from "./format";
import type { CommandIo } from "./io";
import { jsonOption } from "./json-option";
import { toRunList, toRunText } from "./run-show";
import { waitForRun } from "./run-wait";

const start: Command = {
  name: "run start",
  description: "Starts a run.",
  options: {
    preset: { type: "string", value: "<name>", description: `what to start from: ${Object.keys(presets).join(", ")} (default: starter)` },
    source: { type: "string", value: "<run>", description: "start again from another run's configuration" },
    seed: { type: "string", value: "<n>", description: "seed of the run" },
    set: { type: "string", multiple: true, value: "<path=value>", description: "change one field, e.g. generation.temperature=0.9; may be repeated" },
    name: { type: "string", value: "<text>", description: "name of the run" },
    wait: { type: "boolean", description: "wait for its end; exit code 1 unless it finished" },
    ...jsonOption,
  },
  async run(input, io) {
    const { id } = await ask(io, (api) => api.run.start.mutate(toStartInput(input)));
    if (input.flag("wait")) return showEnded(io, await waitForRun(io, id), input.flag("json"));
    io.write(input.flag("json") ? toJson({ id }) : `${id}\n`);
    return 0;
  },
};

function toStartInput(input: Input): RouterInputs["run"]["start"] {
  const source = input.text("source");
  const seed = input.integer("seed");
  const set = Object.fromEntries(input.texts("set").map(toAssignment));
  return {
    ...(source === undefined ? { preset: input.text("preset") ?? "starter" } : { preset: input.text("preset"), source_run: source }),
    name: input.text("name"),
    set: { ...(seed === undefined ? {} : { seed }), ...set },
  };
}

/** Exactly what `run show` prints; the exit code says whether the run finished. */
function showEnded(io: CommandIo, run: RunDetail, json: boolean): number {
  io.write(json ? toJson(run) : toRunText(run));
  if (run.state === "finished") return 0;
  io.writeError(`${run.id} ${run.state === "failed" ? `failed: ${run.error ?? "for no known reason"}` : "was cancelled"}\n`);
  return 1;
}

const show: Command = {
  name: "run show",
  description: "Shows a run and its cycles.",
  positionals: ["run"],
  options: { wait: { type: "boolean", description: "wait for its end; exit code 1 unless it finished" }, ...jsonOption },
  async run(input, io) {
    const id = input.positional(0);
    const run = await ask(io, (api) => api.run.get.query({ id }));
    if (input.flag("wait")) return showEnded(io, await waitForRun(io, id), input.flag("json"));
    io.write(input.flag("json") ? toJson(run) : toRunText(run));
    return 0;
  },
};

const list: Command = {
  name: "run list",
  description: "Lists all runs, newest first.",
  options: jsonOption,
  async run(input, io) {
    const runs = await ask(io, (api) => api.run.list.query());
    io.write(input.flag("json") ? toJson(runs) : toRunList(runs));
    return 0;
  },
};

/** Commands that want something of a run: the same shape, another word. */
const wishes = (["pause", "resume", "cancel"] as const).map((verb): Command => {
  const descriptions = {
    pause: "Stops a run at its next safe point; it keeps everything.",
    resume: "Lets a paused run go on.",
    cancel: "Ends a run for good; it keeps what it has.",
  };
  return {
    name: `run ${verb}`,
    description: descriptions[verb],
    positionals: ["run"],
    options: jsonOption,
    async run(input, io) {
      const answer = await ask(io, (api) => api.run[verb].mutate({ id: input.positional(0) }));
      io.write(input.flag("json") ? toJson(answer) : `${answer.id} is ${answer.state}\n`);
      return 0;
    },
  };
});

const addCycles: Command = {
  name: "run add-cycles",
  description: "Lets a finished run go on for more cycles.",
  positionals: ["run", "cycles"],
  options: { wait: { type: "boolean", description: "wait for its end; exit code 1 unless it finished" }, ...jsonOption },
  async run(input, io) {
    const [id, cycles] = [input.positional(0), Number(input.positional(1))];
    const answer = await ask(io, (api) => api.run.addCycles.mutate({ id, cycles }));
    if (input.flag("wait")) return showEnded(io, await waitForRun(io, id), input.flag("json"));
    io.write(input.flag("json") ? toJson(answer) : `${id} goes on to ${answer.cycles_planned} cycles\n`);
    return 0;
  },
};

export const runCommands: readonly Command[] = [start, show, list, ...wishes, addCycles];
