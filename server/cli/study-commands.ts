import { armTemplates, parseArm, parseSeeds, referenceName } from "../contract";
import { type ComparisonSpan, comparisonSpans } from "../contract/statistics";
import type { RouterInputs, StudyDetail } from "../trpc/types";
import { ask } from "./api";
import { toAssignment } from "./assignment";
import type { Command, Input } from "./command";
import { toJson } from "./format";
import type { CommandIo } from "./io";
import { jsonOption } from "./json-option";
import { CommandProblem } from "./problem";
import { toStudyList, toStudyText } from "./study-show";
import { waitForStudy } from "./study-wait";

const templates = armTemplates.map(({ name }) => name);

const start: Command = {
  name: "study start",
  description: "Starts several arms times several seeds at once; they run one after the other, seed by seed.",
  options: {
    name: { type: "string", value: "<text>", description: "name of the study" },
    preset: { type: "string", value: "<name>", description: "what every arm starts from (default: starter)" },
    source: { type: "string", value: "<run>", description: "start from a run's configuration instead" },
    set: { type: "string", multiple: true, value: "<path=value>", description: "change one field in all arms; may be repeated" },
    arm: {
      type: "string",
      multiple: true,
      value: "<name:path=value,...>",
      description: `an arm, e.g. frozen:fine_tuning=false, or one of ${templates.join(", ")}; may be repeated. The base comes first, as ${referenceName}, unless an arm of that name is given`,
    },
    seeds: { type: "string", value: "<list>", description: "seeds of every arm, e.g. 0,1,2 or 0-2 (default: 0-2)" },
    wait: { type: "boolean", description: "wait for its end; exit code 1 unless every run finished" },
    ...jsonOption,
  },
  async run(input, io) {
    const started = await ask(io, (api) => api.study.start.mutate(toStartInput(input)));
    if (input.flag("wait")) return showEnded(io, await waitForStudy(io, started.id), input.flag("json"));
    io.write(input.flag("json") ? toJson(started) : `${started.id}\n`);
    return 0;
  },
};

function toStartInput(input: Input): RouterInputs["study"]["start"] {
  const name = input.text("name");
  if (name === undefined) throw new CommandProblem("--name is missing: say in a few words what the study asks.");
  const source = input.text("source");
  const arms = input.texts("arm").map(toArm);
  const seeds = parseSeeds(input.text("seeds") ?? "0-2");
  if (seeds === null) throw new CommandProblem(`--seeds takes different whole numbers, e.g. 0,1,2 or 0-2, not ${JSON.stringify(input.text("seeds"))}.`);
  return {
    name,
    ...(source === undefined ? { preset: input.text("preset") ?? "starter" } : { preset: input.text("preset"), source_run: source }),
    set: Object.fromEntries(input.texts("set").map(toAssignment)),
    arms: arms.some((arm) => arm.name === referenceName) ? arms : [{ name: referenceName, set: {} }, ...arms],
    seeds,
  };
}

function toArm(text: string) {
  const arm = parseArm(text);
  if (arm !== null) return arm;
  throw new CommandProblem(`--arm takes name:path=value, e.g. frozen:fine_tuning=false, or one of ${[referenceName, ...templates].join(", ")}, not ${JSON.stringify(text)}.`);
}

/** What `study show` prints; the exit code says whether all of it finished. */
async function showEnded(io: CommandIo, study: StudyDetail, json: boolean): Promise<number> {
  await showStudy(io, study, "last_cycle", json);
  const missing = study.runs - (study.states.finished ?? 0);
  if (missing === 0) return 0;
  io.writeError(`${study.id}: ${missing} of ${study.runs} runs did not finish\n`);
  return 1;
}

async function showStudy(io: CommandIo, study: StudyDetail, span: ComparisonSpan, json: boolean): Promise<void> {
  const comparison = await ask(io, (api) => api.study.compare.query({ id: study.id, span }));
  io.write(json ? toJson({ study, comparison }) : toStudyText(study, comparison));
}

const show: Command = {
  name: "study show",
  description: "Shows a study: its runs, every cycle of every arm, and what differs from the reference.",
  positionals: ["study"],
  options: {
    span: { type: "string", value: comparisonSpans.join("|"), description: "cycles that the differences are of (default: last_cycle)" },
    markdown: { type: "boolean", description: "print Markdown" },
    csv: { type: "boolean", description: "print every cycle of every arm as CSV" },
    wait: { type: "boolean", description: "wait for its end; exit code 1 unless every run finished" },
    ...jsonOption,
  },
  async run(input, io) {
    const id = input.positional(0);
    const span = toSpan(input.text("span") ?? "last_cycle");
    const format = input.flag("markdown") ? "markdown" : input.flag("csv") ? "csv" : null;
    const study = await ask(io, (api) => api.study.get.query({ id }));
    const ended = input.flag("wait") ? await waitForStudy(io, id) : study;
    if (format === null) await showStudy(io, ended, span, input.flag("json"));
    else io.write((await ask(io, (api) => api.study.export.query({ id, span, format }))).text);
    return input.flag("wait") && ended.states.finished !== ended.runs ? 1 : 0;
  },
};

function toSpan(text: string): ComparisonSpan {
  const span = comparisonSpans.find((word) => word === text);
  if (span === undefined) throw new CommandProblem(`--span takes ${comparisonSpans.join(" or ")}, not ${JSON.stringify(text)}.`);
  return span;
}

const list: Command = {
  name: "study list",
  description: "Lists all studies, newest first.",
  options: jsonOption,
  async run(input, io) {
    const studies = await ask(io, (api) => api.study.list.query());
    io.write(input.flag("json") ? toJson(studies) : toStudyList(studies));
    return 0;
  },
};

/** Commands that want something of all runs of a study: the same shape, another word. */
const wishes = (["pause", "resume", "cancel"] as const).map((verb): Command => {
  const descriptions = {
    pause: "Stops all runs of a study at their next safe points; they keep everything.",
    resume: "Lets the paused runs of a study go on.",
    cancel: "Ends all runs of a study for good; they keep what they have.",
  };
  const participles = { pause: "paused", resume: "resumed", cancel: "cancelled" };
  return {
    name: `study ${verb}`,
    description: descriptions[verb],
    positionals: ["study"],
    options: jsonOption,
    async run(input, io) {
      const answer = await ask(io, (api) => api.study[verb].mutate({ id: input.positional(0) }));
      const { id, runs, left_alone: left } = answer;
      const rest = left === 0 ? "" : `, ${left} had ended`;
      io.write(input.flag("json") ? toJson(answer) : `${id}: ${runs} ${runs === 1 ? "run" : "runs"} ${participles[verb]}${rest}\n`);
      return 0;
    },
  };
});

const remove: Command = {
  name: "study delete",
  description: "Deletes an ended study for good; its runs stay as runs of their own, or go with it.",
  positionals: ["study"],
  options: { runs: { type: "string", value: "keep|delete", description: "what becomes of its runs; must be said" }, ...jsonOption },
  async run(input, io) {
    const runs = input.text("runs");
    if (runs !== "keep" && runs !== "delete") throw new CommandProblem("--runs takes keep or delete: say what becomes of the study's runs.");
    const answer = await ask(io, (api) => api.study.delete.mutate({ id: input.positional(0), runs }));
    io.write(input.flag("json") ? toJson(answer) : `${answer.id} is deleted, ${answer.runs} runs ${runs === "keep" ? "stay" : "with it"}\n`);
    return 0;
  },
};

export const studyCommands: readonly Command[] = [start, show, list, ...wishes, remove];
