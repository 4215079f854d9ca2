import { sql } from "drizzle-orm";
import { z } from "zod";

import { corpusVersionSchema, exportFormats, runIdSchema } from "../contract";
import { type Database, selectRows } from "../db/client";
import { transact } from "../db/transact";
import { removeOldFiles } from "../file/store";
import { getRunRow } from "../run/find";
import { ServiceError } from "../service-error";
import { openTask, type TaskArgs } from "../task/open";
import { assertCorpusReady, getCorpusRow } from "./find";

const sourceSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("run"), run: runIdSchema, which: z.enum(["winners", "valid"]).default("winners") }).strict(),
  z.object({ type: z.literal("corpus"), version: corpusVersionSchema }).strict(),
]);
export const exportNetworksSchema = z.object({ source: sourceSchema, format: z.enum(exportFormats) }).strict();
type ExportNetworksInput = z.infer<typeof exportNetworksSchema>;

/** Queues the packing of a run's or a corpus's networks into a file. Throws `not_found`, `conflict` where there are none. */
export function exportNetworks(db: Database, { source, format }: ExportNetworksInput): Promise<{ id: string }> {
  return transact(db, async (tx) => {
    await removeOldFiles(tx);
    return openTask(tx, "export_networks", { source: await findSource(tx, source), format });
  });
}

async function findSource(tx: Database, source: ExportNetworksInput["source"]): Promise<TaskArgs["export_networks"]["source"]> {
  if (source.type === "corpus") {
    await getCorpusRow(tx, source.version, "source.version");
    await assertCorpusReady(tx, source.version, "source.version");
    return source;
  }
  const { id } = await getRunRow(tx, source.run, "source.run");
  const wanted = source.which === "winners" ? sql`selection_reason = 'winner'` : sql`outcome = 'ok'`;
  const some = await selectRows(tx, sql`SELECT FROM candidate WHERE run_id = ${id} AND ${wanted} LIMIT 1`);
  if (some.length === 0) {
    throw new ServiceError("conflict", `${source.run} has no ${source.which === "winners" ? "winners" : "valid programs"} yet.`, "source.run");
  }
  return { type: "run", run: id, which: source.which };
}
