import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";

import { fileTooLarge, maxFileBytes } from "../contract/files";
import type { RouterInputs } from "../trpc/types";
import { toBytes } from "./format";
import type { CommandIo } from "./io";
import { packFiles, surveyFolder } from "./pack-folder";
import { toPath } from "./place";
import { CommandProblem } from "./problem";
import { createProgress } from "./progress";
import { uploadFile } from "./upload";

type Source = RouterInputs["corpus"]["check"]["source"];

/** What was typed as a source: `nn-dataset`, a run, else a file or a folder, which is sent. */
export async function sendSource(io: CommandIo, typed: string): Promise<Source> {
  if (typed === "nn-dataset") return { type: "nn_dataset" };
  if (/^R\d+$/.test(typed)) return { type: "run", run: typed };
  const path = toPath(io, typed);
  const found = await stat(path).catch(() => null);
  if (found === null) throw new CommandProblem(`There is no file or folder ${typed}. A source is a path, nn-dataset, or a run such as R3.`);
  if (found.isDirectory()) return { type: "file", file: await sendFolder(io, path) };
  if (!found.isFile()) throw new CommandProblem(`${typed} is neither a file nor a folder.`);
  return { type: "file", file: await sendFile(io, path, found.size) };
}

async function sendFile(io: CommandIo, path: string, bytes: number): Promise<string> {
  if (bytes > maxFileBytes) throw new CommandProblem(fileTooLarge);
  const name = basename(path);
  const { show, clear } = createProgress(io);
  let read = 0;
  const content = createReadStream(path);
  content.on("data", (chunk) => {
    read += chunk.length;
    show(toLine(name, read, bytes));
  });
  const { id } = await uploadFile(io, { name, bytes, content }).finally(clear);
  return id;
}

async function sendFolder(io: CommandIo, path: string): Promise<string> {
  const name = basename(path);
  const { files, bytes, leftOut } = await surveyFolder(path).catch((error: unknown) => {
    throw new CommandProblem(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
  if (files.length === 0) throw new CommandProblem(`${name} holds no .py, .json or .jsonl file.`);
  if (bytes > maxFileBytes) throw new CommandProblem(`${name} holds ${toBytes(bytes)} of networks and statistics; at most 1 GiB can be sent. Import it folder by folder.`);
  if (leftOut > 0) io.writeError(`${name}: ${leftOut} ${leftOut === 1 ? "link or other file is" : "links and other files are"} not sent\n`);
  const { show, clear } = createProgress(io);
  let read = 0;
  const content = packFiles(files, (more) => {
    read += more;
    show(toLine(name, read, bytes));
  });
  const { id } = await uploadFile(io, { name: `${name}.zip`, bytes: null, content }).finally(clear);
  return id;
}

const toLine = (name: string, read: number, bytes: number) => `sending ${name}: ${toBytes(read)} of ${toBytes(bytes)}`;
