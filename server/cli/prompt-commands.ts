import { promptKinds } from "../contract";
import type { PromptDetail, PromptSummary, PromptVersion } from "../trpc/types";
import { ask } from "./api";
import type { Command, Input } from "./command";
import { toJson } from "./format";
import { jsonOption } from "./json-option";
import { CommandProblem } from "./problem";
import { previewPrompt } from "./prompt-preview";
import { findVersion } from "./prompt-version";
import { readText } from "./read-text";
import { toFacts, toTable } from "./table";

const list: Command = {
  name: "prompt list",
  description: "Lists prompt templates.",
  options: jsonOption,
  async run(input, io) {
    const prompts = await ask(io, (api) => api.prompt.list.query());
    io.write(input.flag("json") ? toJson(prompts) : toPromptList(prompts));
    return 0;
  },
};

const toPromptList = (prompts: readonly PromptSummary[]) =>
  toTable(prompts, [
    { title: "template", value: (prompt) => prompt.name },
    { title: "kind", value: (prompt) => prompt.kind },
    { title: "version", value: (prompt) => prompt.version, right: true },
    { title: "runs", value: (prompt) => prompt.runs, right: true },
    { title: "", value: (prompt) => (prompt.archived ? "archived" : "") },
  ]);

const show: Command = {
  name: "prompt show",
  description: "Shows a prompt template: its newest version, or one such as starter@1.",
  positionals: ["template"],
  options: jsonOption,
  async run(input, io) {
    const { detail, version } = await findVersion(io, input.positional(0));
    io.write(input.flag("json") ? toJson(detail) : toPromptText(detail, version));
    return 0;
  },
};

function toPromptText({ versions }: PromptDetail, version: PromptVersion): string {
  const facts = toFacts([
    ["template", version.id],
    ["kind", version.kind],
    ["versions", versions.map((one) => one.version).join(", ")],
    ["runs", version.run_count === 0 ? null : `${version.run_count}: ${version.runs.join(", ")}`],
    ["archived", version.archived ? "yes" : null],
  ]);
  const system = version.system === "" ? "" : `--- system\n${version.system}\n`;
  return `${facts}\n${system}--- ${version.kind === "chat" ? "user" : "text"}\n${version.text}\n`;
}

const save: Command = {
  name: "prompt save",
  description: "Saves a file as the next version of a prompt template, or as version 1 of a new one.",
  positionals: ["name", "file"],
  options: {
    system: { type: "string", value: "<file>", description: "the system message of a chat template; without it, that of the version before" },
    kind: { type: "string", value: "<kind>", description: "of a new template: chat (default with --system) or plain" },
    ...jsonOption,
  },
  async run(input, io) {
    const name = input.positional(0);
    const known = (await ask(io, (api) => api.prompt.list.query())).some((prompt) => prompt.name === name);
    const before = known ? (await findVersion(io, name)).version : undefined;
    const text = readText(io, input.positional(1));
    const system = input.text("system");
    const saved = await ask(io, (api) =>
      api.prompt.save.mutate({
        name,
        kind: toKind(input) ?? before?.kind ?? (system === undefined ? "plain" : "chat"),
        system: system === undefined ? (before?.system ?? "") : readText(io, system),
        text,
        base_version: before?.version ?? null,
      }),
    );
    io.write(input.flag("json") ? toJson(saved) : `${saved.id}\n`);
    return 0;
  },
};

function toKind(input: Input) {
  const given = input.text("kind");
  const kind = promptKinds.find((one) => one === given);
  if (given !== undefined && kind === undefined) throw new CommandProblem(`--kind takes ${promptKinds.join(" or ")}, not ${JSON.stringify(given)}.`);
  return kind;
}

export const promptCommands: readonly Command[] = [list, show, save, previewPrompt];
