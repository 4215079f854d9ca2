import type { FindingVerdict } from "../contract";
import type { FindingRow } from "../trpc/types";
import { ask } from "./api";
import type { Command, Input } from "./command";
import { exportNetworks } from "./corpus-export";
import { sendSource } from "./corpus-source";
import { toCheckText, toCorpusList, toCorpusText } from "./corpus-text";
import { toJson } from "./format";
import type { CommandIo } from "./io";
import { jsonOption } from "./json-option";
import { CommandProblem } from "./problem";
import { waitForTask } from "./task-wait";

const list: Command = {
  name: "corpus list",
  description: "Lists corpora, newest first.",
  options: jsonOption,
  async run(input, io) {
    const corpora = await ask(io, (api) => api.corpus.list.query());
    io.write(input.flag("json") ? toJson(corpora) : toCorpusList(corpora));
    return 0;
  },
};

const show: Command = {
  name: "corpus show",
  description: "Shows a corpus: its numbers, what curation did, its largest families.",
  positionals: ["version"],
  options: jsonOption,
  async run(input, io) {
    const corpus = await ask(io, (api) => api.corpus.get.query({ version: input.positional(0) }));
    io.write(input.flag("json") ? toJson(corpus) : toCorpusText(corpus));
    return 0;
  },
};

const checkOptions = {
  recipe: { type: "string", value: "<name>", description: "networks must build for its images and classes (default: digits)" },
  base: { type: "string", value: "<version>", description: "copies of its entries are duplicates; they come first in what is imported" },
  ...jsonOption,
} as const;

const checkSource: Command = {
  name: "corpus check",
  description: "Checks a file, a folder, nn-dataset or a run's winners, and imports nothing.",
  positionals: ["source"],
  options: checkOptions,
  async run(input, io) {
    await showCheck(input, io, await runCheck(input, io));
    return 0;
  },
};

const importCorpus: Command = {
  name: "corpus import",
  description: "Checks a source (or takes a finished check, T5), says what is wrong, and imports what was accepted.",
  positionals: ["source"],
  options: {
    version: { type: "string", value: "<name>", description: "name of the new corpus, e.g. lemur" },
    description: { type: "string", value: "<text>", description: "what it is" },
    seed: { type: "string", value: "<n>", description: "decides which families are held out (default: 42)" },
    "dry-run": { type: "boolean", description: "only check" },
    ...checkOptions,
  },
  async run(input, io) {
    const version = await readVersion(input, io);
    const given = input.positional(0);
    const id = /^T\d+$/.test(given) ? assertNoCheckOptions(input, given) : await runCheck(input, io);
    if (version === null) {
      await showCheck(input, io, id);
      return 0;
    }
    // The table first: with --json, what was imported is the result and the check is one command away.
    if (!input.flag("json")) await showCheck(input, io, id);
    const order = { check: id, version, description: input.text("description"), seed: input.integer("seed") };
    const task = await ask(io, (api) => api.corpus.import.mutate(order));
    const { result } = await waitForTask(io, task.id, "import_corpus");
    const made = await ask(io, (api) => api.corpus.get.query({ version: result.version }));
    io.write(input.flag("json") ? toJson({ check: id, corpus: made }) : `\n${toCorpusText(made)}`);
    return 0;
  },
};

/** Null for a dry run. What is wrong with a name is said before anything is sent. */
async function readVersion(input: Input, io: CommandIo): Promise<string | null> {
  if (input.flag("dry-run")) return null;
  const version = input.text("version");
  if (version === undefined) throw new CommandProblem("--version is missing: name the new corpus, e.g. --version lemur, or try it with --dry-run.");
  const corpora = await ask(io, (api) => api.corpus.list.query());
  if (corpora.some((one) => one.version === version)) throw new CommandProblem(`version: ${version} exists already. Choose another name.`);
  return version;
}

/** A finished check was made against what it was made against. */
function assertNoCheckOptions(input: Input, check: string): string {
  const given = ["recipe", "base"].find((option) => input.text(option) !== undefined);
  if (given !== undefined) throw new CommandProblem(`--${given} was decided when ${check} was made: leave it out, or check the source again.`);
  return check;
}

/** Sends the source and waits for its check. */
async function runCheck(input: Input, io: CommandIo): Promise<string> {
  const source = await sendSource(io, input.positional(0));
  const order = { source, recipe: input.text("recipe") ?? "digits", base_version: input.text("base") };
  const { id } = await ask(io, (api) => api.corpus.check.mutate(order));
  await waitForTask(io, id, "check_corpus");
  return id;
}

const shownFindings = 10;
const pageSize = 1000;

async function showCheck(input: Input, io: CommandIo, id: string): Promise<void> {
  const view = await ask(io, (api) => api.corpus.getCheck.query({ check: id }));
  const { task } = view;
  if (task.kind !== "check_corpus" || task.result === null) throw new CommandProblem(`The check ${id} is ${task.state}: there is nothing to show of it.`);
  if (input.flag("json")) {
    io.write(toJson({ ...view, findings: await readRefused(io, id) }));
    return;
  }
  const read = async (verdict: FindingVerdict) => {
    const page = await ask(io, (api) => api.corpus.findings.query({ check: id, verdict, limit: shownFindings }));
    return page.items;
  };
  io.write(toCheckText(view, task.result.entries, { rejected: await read("rejected"), duplicate: await read("duplicate") }));
}

/** All that was not accepted. */
async function readRefused(io: CommandIo, check: string): Promise<FindingRow[]> {
  const rows: FindingRow[] = [];
  for (const verdict of ["rejected", "duplicate"] as const) {
    for (let cursor: number | null | undefined; cursor !== null; ) {
      const from = cursor;
      const page = await ask(io, (api) => api.corpus.findings.query({ check, verdict, limit: pageSize, cursor: from }));
      rows.push(...page.items);
      cursor = page.next_cursor;
    }
  }
  return rows;
}

const remove: Command = {
  name: "corpus delete",
  description: "Deletes a corpus that no run uses, for good.",
  positionals: ["version"],
  options: jsonOption,
  async run(input, io) {
    const answer = await ask(io, (api) => api.corpus.delete.mutate({ version: input.positional(0) }));
    io.write(input.flag("json") ? toJson(answer) : `${answer.version} is deleted\n`);
    return 0;
  },
};

export const corpusCommands: readonly Command[] = [list, show, checkSource, importCorpus, remove, exportNetworks];
