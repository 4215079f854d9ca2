import { eq, sql } from "drizzle-orm";

import { storedFile, storedFilePart } from "../../drizzle/schema";
import { toFileId } from "../contract";
import { fileTooLarge, maxFileBytes } from "../contract/files";
import type { Database } from "../db/client";
import { ServiceError } from "../service-error";
import { toFileName } from "./file-name";
import { keptDays, leftoverHours, partBytes } from "./limits";
import type { StoredFileView } from "./views";

/** The file has more bytes than a file may have; said before it is read where its sender says how long it is. */
export class FileTooLarge extends Error {
  override readonly name = "FileTooLarge";

  constructor() {
    super(fileTooLarge);
  }
}

/**
 * Stores a file part by part as it arrives; only one part is held in memory. Until the last one is stored nobody can use
 * it, and when reading or storing fails nothing of it is left. Throws `FileTooLarge`, `invalid` for an empty file, and
 * what `chunks` throws.
 */
export async function storeFile(
  db: Database,
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  limitBytes: number = maxFileBytes,
): Promise<StoredFileView> {
  await removeOldFiles(db);
  const [file] = await db.insert(storedFile).values({ name: toFileName(name) }).returning({ id: storedFile.id, name: storedFile.name });
  if (file === undefined) throw new Error("the insert returned no row");
  try {
    let bytes = 0;
    let part = 0;
    for await (const data of toParts(chunks)) {
      bytes += data.byteLength;
      if (bytes > limitBytes) throw new FileTooLarge();
      await db.insert(storedFilePart).values({ fileId: file.id, part, data });
      part += 1;
    }
    if (bytes === 0) throw new ServiceError("invalid", "The file is empty.");
    await db.update(storedFile).set({ bytes, complete: true }).where(eq(storedFile.id, file.id));
    return { id: toFileId(file.id), name: file.name, bytes };
  } catch (error) {
    // Should this fail too, the file stays incomplete and is removed as a leftover.
    await db.delete(storedFile).where(eq(storedFile.id, file.id)).catch(() => undefined);
    throw error;
  }
}

/** Cuts a stream into parts of one size; the last may be shorter. */
async function* toParts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  let part = Buffer.allocUnsafe(partBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.byteLength; ) {
      const piece = chunk.subarray(at, at + partBytes - filled);
      part.set(piece, filled);
      filled += piece.byteLength;
      at += piece.byteLength;
      if (filled === partBytes) {
        yield part;
        part = Buffer.allocUnsafe(partBytes);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

/** Uploads that never ended, and files that have been kept long enough and that no task is about to read. */
export async function removeOldFiles(db: Database): Promise<void> {
  await db.execute(sql`DELETE FROM stored_file
    WHERE created_at < now() - CASE WHEN complete THEN make_interval(days => ${keptDays}) ELSE make_interval(hours => ${leftoverHours}) END
      AND NOT EXISTS (SELECT FROM task WHERE state IN ('queued', 'running') AND args->'source'->>'file' = stored_file.id::text)`);
}
