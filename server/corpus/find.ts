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
 * Why no work can be started on the corpus; null = it can, and the corpus cannot be deleted before the transaction ends.
 * The one that comes with Archloom need not be there yet: whoever takes up the work has made it.
 */
export async function findCorpusProblem(tx: Database, version: string): Promise<string | null> {
  const [row] = await tx.select({ state: corpus.state }).from(corpus).where(eq(corpus.version, version)).for("key share");
  if (row?.state === "ready" || (row === undefined && version === builtinCorpus)) return null;
  if (row !== undefined) return `The corpus ${version} is still being imported.`;
  const ready = await tx.select({ version: corpus.version }).from(corpus).where(eq(corpus.state, "ready")).orderBy(asc(corpus.version));
  const known = ready.map((one) => one.version).join(", ");
  return `There is no corpus ${version}${known === "" ? "" : ` (there are: ${known})`}.`;
}

/** Throws `invalid`, naming the input that held the version, unless work can be started on the corpus. */
export async function assertCorpusReady(tx: Database, version: string, field = "corpus_version"): Promise<void> {
  const problem = await findCorpusProblem(tx, version);
  if (problem !== null) throw new ServiceError("invalid", `${field}: ${problem}`, field);
}
