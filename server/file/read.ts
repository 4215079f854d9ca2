import { and, eq } from "drizzle-orm";

import { storedFile, storedFilePart } from "../../drizzle/schema";
import { parseFileId } from "../contract";
import type { Database } from "../db/client";
import { ServiceError } from "../service-error";
import { keptDays } from "./limits";
import type { StoredFileView } from "./views";

/** A file that has arrived as a whole. Throws `not_found`, naming the input that held the id. */
export async function getFile(db: Database, id: string, field = "id"): Promise<StoredFileView> {
  const [row] = await db
    .select({ name: storedFile.name, bytes: storedFile.bytes })
    .from(storedFile)
    .where(and(eq(storedFile.id, parseFileId(id)), eq(storedFile.complete, true)));
  if (row === undefined) {
    throw new ServiceError("not_found", `There is no file ${id}: files are kept for ${keptDays} days. Send or export it again.`, field);
  }
  return { id, ...row };
}

/** Its bytes in order, a part at a time as the reader asks for them. Fails when the file is removed meanwhile. */
export function streamFile(db: Database, { id, bytes }: StoredFileView): ReadableStream<Uint8Array> {
  const file = parseFileId(id);
  let part = 0;
  let left = bytes;
  return new ReadableStream(
    {
      async pull(controller) {
        if (left === 0) return controller.close();
        const [row] = await db
          .select({ data: storedFilePart.data })
          .from(storedFilePart)
          .where(and(eq(storedFilePart.fileId, file), eq(storedFilePart.part, part)));
        if (row === undefined) throw new Error(`part ${part} of file ${id} is gone`);
        part += 1;
        left -= row.data.byteLength;
        controller.enqueue(row.data);
        if (left === 0) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
