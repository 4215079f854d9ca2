import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { and, eq } from "drizzle-orm";

import { adapterFile } from "../../drizzle/schema";
import type { Database } from "../db/client";
import type { StoredAdapter } from "./find";
import { tarEnd, tarHeader, tarPadding } from "./tar";

/** Weights hardly shrink, so only the fastest compression is worth its time. */
const level = 1;

/**
 * A .tar.gz of the adapter's folder, ordinary PEFT files in it, read from the database a part at a time. Fails in the
 * middle when its run is deleted meanwhile.
 */
export function archiveAdapter(db: Database, adapter: StoredAdapter): ReadableStream<Uint8Array> {
  // A fault on either side ends the other; whoever reads the stream hears of it there.
  const packed = pipeline(Readable.from(readTar(db, adapter)), createGzip({ level }), () => undefined);
  return Readable.toWeb(packed) as ReadableStream<Uint8Array>;
}

async function* readTar(db: Database, { id, name, trainedAt, files }: StoredAdapter): AsyncGenerator<Buffer> {
  for (const file of files) {
    yield tarHeader(`${name}/${file.name}`, file.bytes, trainedAt);
    for (let part = 0; part < file.parts; part += 1) {
      const [row] = await db
        .select({ data: adapterFile.data })
        .from(adapterFile)
        .where(and(eq(adapterFile.adapterId, id), eq(adapterFile.name, file.name), eq(adapterFile.part, part)));
      if (row === undefined) throw new Error(`part ${part} of ${file.name} of ${name} is gone`);
      yield row.data;
    }
    yield tarPadding(file.bytes);
  }
  yield tarEnd();
}
