import { createReadStream } from "node:fs";
import { opendir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { type PassThrough, type Readable, Transform } from "node:stream";

import { ZipFile } from "yazl";

interface PackedFile {
  /** Relative to the folder, with `/` between folders. */
  name: string;
  path: string;
  bytes: number;
  modified: Date;
}

export interface FolderSurvey {
  files: PackedFile[];
  bytes: number;
  /** Links, and files that are neither networks nor what is said of them. */
  leftOut: number;
}

/** What a corpus can be read from. */
const endings = new Set([".py", ".json", ".jsonl", ".ndjson"]);

const isIgnored = (name: string) => name.startsWith(".") || name === "__pycache__" || name === "__MACOSX";

/** Everything of a folder that may be sent, in a fixed order. Links are not followed, hidden folders not entered. */
export async function surveyFolder(root: string): Promise<FolderSurvey> {
  const survey: FolderSurvey = { files: [], bytes: 0, leftOut: 0 };
  await addFolder(survey, root, "");
  survey.files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return survey;
}

async function addFolder(survey: FolderSurvey, root: string, folder: string): Promise<void> {
  for await (const entry of await opendir(join(root, folder))) {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (isIgnored(entry.name)) continue;
    if (entry.isDirectory()) {
      await addFolder(survey, root, name);
    } else if (entry.isFile() && endings.has(extname(entry.name).toLowerCase()) && !name.includes("\\")) {
      const path = join(root, name);
      const { size, mtime } = await stat(path);
      survey.files.push({ name, path, bytes: size, modified: mtime });
      survey.bytes += size;
    } else {
      survey.leftOut += 1;
    }
  }
}

/** A zip archive of the files, made as it is read: one file is open at a time. `onRead` is told how much was read of them. */
export function packFiles(files: readonly PackedFile[], onRead: (bytes: number) => void): Readable {
  const zip = new ZipFile();
  // The package's types say less of it than it is.
  const output = zip.outputStream as PassThrough;
  zip.on("error", (error: Error) => output.destroy(error));
  for (const { name, path, bytes, modified } of files) {
    zip.addReadStreamLazy(name, { size: bytes, mtime: modified, mode: 0o100644 }, (give) => {
      const counted = new Transform({
        transform(chunk: Buffer, _, done) {
          onRead(chunk.length);
          done(null, chunk);
        },
      });
      // Once the archive is given up nothing reads on, so the file must be closed here.
      const file = createReadStream(path);
      file.on("error", (error) => output.destroy(error));
      output.on("close", () => file.destroy());
      give(null, file.pipe(counted));
    });
  }
  zip.end();
  return output;
}
