import { asc, eq } from "drizzle-orm";

import { corpus } from "../../drizzle/schema";
import type { Database } from "../db/client";
import { ServiceError } from "../service-error";

type Corpus = typeof corpus.$inferSelect;

/** Comes with Archloom: the first worker that starts makes it from the seeded grammar. */
export const builtinCorpus = "starter-1";

/** Throws `not_found`, naming the input that held the version. */
export async function getCorpusRow(db: Database, version: string, field = "version"): Promise<Corpus> {
  const [row] = await db.select().from(corpus).where(eq(corpus.version, version));
  if (row === undefined) throw new ServiceError("not_found", `There is no corpus ${version}.`, field);
  return row;
}

/** The corpus, locked until the transaction ends. Throws `not_found`. */
export async function lockCorpusRow(tx: Database, version: string): Promise<Corpus> {
  const [row] = await tx.select().from(corpus).where(eq(corpus.version, version)).for("update");
  if (row === undefined) throw new ServiceError("not_found", `There is no corpus ${version}.`, "version");
  return row;
}

/**
 * Throws `invalid` unless work may be started on the corpus, which cannot be deleted before the transaction ends. The one
 * that comes with Archloom may be: whoever takes up that work has made it.
 */
export async function assertCorpusReady(tx: Database, version: string, field = "corpus_version"): Promise<void> {
  const [row] = await tx.select({ state: corpus.state }).from(corpus).where(eq(corpus.version, version)).for("key share");
  if (row?.state === "ready" || (row === undefined && version === builtinCorpus)) return;
  if (row !== undefined) throw new ServiceError("invalid", `${field}: the corpus ${version} is still being imported.`, field);
  const ready = await tx.select({ version: corpus.version }).from(corpus).where(eq(corpus.state, "ready")).orderBy(asc(corpus.version));
  const known = ready.map((one) => one.version).join(", ");
  throw new ServiceError("invalid", `${field}: there is no corpus ${version}${known === "" ? "" : ` (there are: ${known})`}.`, field);
}
