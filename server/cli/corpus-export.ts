import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";

import { exportFormats, toFileId } from "../contract";
import type { RouterInputs } from "../trpc/types";
import { ask, fetchFile } from "./api";
import type { Command, Input } from "./command";
import { toBytes, toJson } from "./format";
import type { CommandIo } from "./io";
import { jsonOption } from "./json-option";
import { toPath } from "./place";
import { CommandProblem } from "./problem";
import { waitForTask } from "./task-wait";

const whiches = ["winners", "valid"] as const;

export const exportNetworks: Command = {
  name: "corpus export",
  description: "Exports a corpus, or the winners of a run: as LEMUR files, chat rows or a Hugging Face folder.",
  positionals: ["version or run"],
  options: {
    format: { type: "string", value: "<format>", description: `${exportFormats.join(", ")} (default: lemur)` },
    which: { type: "string", value: "<which>", description: "of a run: winners (default) or valid" },
    out: { type: "string", value: "<file>", description: "where to write it; without it, here under its own name" },
    ...jsonOption,
  },
  async run(input, io) {
    const order = { source: toExportSource(input), format: oneOf("format", input.text("format") ?? "lemur", exportFormats) };
    const task = await ask(io, (api) => api.corpus.export.mutate(order));
    const { result } = await waitForTask(io, task.id, "export_networks");
    const path = toPath(io, input.text("out") ?? result.name);
    await save(io, toFileId(result.file), path, input.text("out") !== undefined);
    io.write(input.flag("json") ? toJson({ ...result, path }) : `${path}: ${result.networks} networks, ${toBytes(result.bytes)}\n`);
    return 0;
  },
};

function toExportSource(input: Input): RouterInputs["corpus"]["export"]["source"] {
  const given = input.positional(0);
  const which = input.text("which");
  if (/^R\d+$/.test(given)) return { type: "run", run: given, which: oneOf("which", which ?? "winners", whiches) };
  if (which !== undefined) throw new CommandProblem("--which is for runs: a corpus is exported as a whole.");
  return { type: "corpus", version: given };
}

function oneOf<const Word extends string>(option: string, given: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === given);
  if (word === undefined) throw new CommandProblem(`--${option} takes ${words.join(", ")}, not ${JSON.stringify(given)}.`);
  return word;
}

/** Writes a file of the instance; what was begun and not finished is removed. A file that is there stays unless it was named. */
async function save(io: CommandIo, file: string, path: string, overwrite: boolean): Promise<void> {
  const { body } = await fetchFile(io, `/api/files/${file}`);
  if (body === null) throw new CommandProblem(`${file} came without content.`);
  const out = createWriteStream(path, { flags: overwrite ? "w" : "wx" });
  let opened = false;
  out.once("open", () => (opened = true));
  try {
    await pipeline(Readable.fromWeb(body as ReadableStream), out);
  } catch (error) {
    if (opened) await rm(path, { force: true });
    if (io.signal.aborted) throw new CommandProblem("Interrupted.", { cause: error });
    throw new CommandProblem(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
