import { and, asc, eq, sql } from "drizzle-orm";

import { candidate, evaluation, job, run } from "../../drizzle/schema";
import { type CandidateRef, parseCandidateId, personPriority, toEvaluationId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { transact } from "../db/transact";
import { ServiceError } from "../service-error";

interface RerunInput {
  id: string;
  /** Omitted: the seed of the first evaluation. */
  seed?: number | undefined;
  /** Queue another one although the same is already waiting or running. */
  confirm?: boolean | undefined;
}

export interface Rerun {
  evaluation_id: string;
  seed: number;
  /** The same re-run was waiting or running already (a double click): this is that one. */
  queued_already: boolean;
}

/**
 * Queues one more evaluation of a candidate, before all of the loop's work and whatever its run does. The candidate's
 * figures stay those of its first. Throws `not_found`, and `conflict` while there is no program to run.
 */
export function rerunCandidate(db: Database, { id, seed, confirm = false }: RerunInput): Promise<Rerun> {
  const ref = parseCandidateId(id);
  return transact(db, async (tx) => {
    const { candidateId, recipe, evaluations } = await lockCandidate(tx, id, ref);
    const chosen = seed ?? evaluations[0]?.seed ?? recipe.seed;
    const same = evaluations.find((one) => one.state !== "ended" && !one.cancelRequested && one.requestedBy === "person" && one.recipe === recipe.name && one.seed === chosen);
    if (same !== undefined && !confirm) {
      return { evaluation_id: toEvaluationId(ref, same.ordinal), seed: chosen, queued_already: true };
    }
    const ordinal = (evaluations.at(-1)?.ordinal ?? 0) + 1;
    await queueEvaluation(tx, ref, { candidateId, ordinal, recipe: recipe.name, seed: chosen });
    return { evaluation_id: toEvaluationId(ref, ordinal), seed: chosen, queued_already: false };
  });
}

/** The row lock makes two people's re-runs take different ordinals. */
async function lockCandidate(tx: Database, id: string, ref: CandidateRef) {
  const [row] = await tx
    .select({ id: candidate.id, code: candidate.code, state: candidate.state, config: run.config })
    .from(candidate)
    .innerJoin(run, eq(run.id, candidate.runId))
    .where(and(eq(candidate.runId, ref.run), eq(candidate.cycle, ref.cycle), eq(candidate.index, ref.index)))
    .for("no key update", { of: candidate });
  if (row === undefined) throw new ServiceError("not_found", `There is no candidate ${id}.`, "id");
  if (row.state === "writing") {
    throw new ServiceError("conflict", `${id} is still being written: it can be run again once it is complete.`, "id");
  }
  if (row.code === null) throw new ServiceError("conflict", `${id} was never finished: there is no program to run.`, "id");
  const evaluations = await tx
    .select()
    .from(evaluation)
    .where(eq(evaluation.candidateId, row.id))
    .orderBy(asc(evaluation.ordinal));
  const recipe = { name: row.config.recipe, seed: row.config.evaluation_seed };
  return { candidateId: row.id, recipe, evaluations };
}

async function queueEvaluation(
  tx: Database,
  { run: runId, cycle, index }: CandidateRef,
  values: { candidateId: number; ordinal: number; recipe: string; seed: number },
): Promise<void> {
  const [stored] = await tx
    .insert(evaluation)
    .values({ ...values, requestedBy: "person" })
    .returning({ id: evaluation.id });
  if (stored === undefined) throw new Error("the insert returned no row");
  await tx.insert(job).values({
    kind: "evaluate",
    runId,
    cycle,
    evaluationId: stored.id,
    dedupeKey: `evaluate:${stored.id}`,
    requestedBy: "person",
    priority: personPriority,
  });
  const payload = JSON.stringify({ cycle, index, ordinal: values.ordinal });
  await selectRows(tx, sql`SELECT append_event(${runId}, 'evaluation_queued', ${payload}::jsonb)`);
}
