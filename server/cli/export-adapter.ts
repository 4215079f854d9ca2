import { createWriteStream, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { createGunzip } from "node:zlib";

import { readTar } from "../adapter/tar";
import { fetchFile } from "./api";
import type { Command } from "./command";
import { toPath } from "./place";
import { CommandProblem } from "./problem";

export const exportAdapter: Command = {
  name: "export adapter",
  description: "Exports the adapter that was trained after a cycle, as an ordinary PEFT folder or as one .tar.gz.",
  positionals: ["run"],
  options: {
    cycle: { type: "string", value: "<n>", description: "the cycle after which it was trained; it wrote the next one" },
    out: { type: "string", value: "<path>", description: "a new folder, or a file that ends in .tar.gz; without it, a folder such as R3.2-adapter" },
  },
  async run(input, io) {
    const run = input.positional(0);
    const cycle = input.integer("cycle");
    if (cycle === undefined) throw new CommandProblem("--cycle is missing: the cycle after which the adapter was trained.");
    const out = toPath(io, input.text("out") ?? `${run}.${cycle}-adapter`);
    const isArchive = /\.(tar\.gz|tgz)$/.test(out);
    if (!isArchive && existsSync(out) && !isEmptyFolder(out)) throw new CommandProblem(`${out} exists and is not an empty folder: name another one in --out.`);
    const response = await fetchFile(io, `/api/adapters/${encodeURIComponent(run)}/${cycle}`);
    if (response.body === null) throw new CommandProblem("The instance sent no file.");
    const packed = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
    try {
      await (isArchive ? pipeline(packed, createWriteStream(out)) : unpack(packed, out));
    } catch (error) {
      rmSync(out, { recursive: !isArchive, force: true });
      const reason = error instanceof Error ? error.message : String(error);
      throw new CommandProblem(`${out} could not be written: ${reason}`, { cause: error });
    }
    io.write(`${out}\n`);
    return 0;
  },
};

async function unpack(packed: Readable, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await pipeline(packed, createGunzip(), async (archive: AsyncIterable<Buffer>) => {
    // The archive holds one folder; only the names in it count, so nothing is written elsewhere.
    for await (const { path, content } of readTar(archive)) await pipeline(content, createWriteStream(join(folder, basename(path))));
  });
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}
