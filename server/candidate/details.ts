import { type SQL, sql } from "drizzle-orm";

import { type CandidateRef, type ProtectionLevel, type RunState, toCandidateId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { readEvaluations, toRepeatability } from "./evaluations";
import { candidateColumns, candidateTables, type StoredCandidate, toCandidateRow } from "./rows";
import type { CandidateDetail, Neighbour } from "./views";

interface StoredDetail extends StoredCandidate {
  id: number;
  batch: number;
  code: string | null;
  finished: boolean | null;
  prompt: string | null;
  has_adapter: boolean;
  protection_level: ProtectionLevel | null;
  run_state: RunState;
  recipe: string;
  evaluation_seed: number;
  selection_threshold: number | null;
  peers: number;
  neighbour_run: number | null;
  neighbour_cycle: number | null;
  neighbour_index: number | null;
  neighbour_code: string | null;
  neighbour_accuracy: number | null;
  corpus_version: string | null;
  corpus_position: number | null;
  corpus_code: string | null;
  previous_cycle: number | null;
  previous_index: number | null;
  next_cycle: number | null;
  next_index: number | null;
}

/**
 * Candidates of one run in full, in order: one of them, or all. Call it inside `readTogether`, else a candidate's parts
 * may disagree.
 */
export async function readCandidateDetails(
  db: Database,
  { run, only }: { run: number; only?: CandidateRef },
): Promise<CandidateDetail[]> {
  const chosen = only === undefined ? sql`true` : sql`c.cycle = ${only.cycle} AND c.index = ${only.index}`;
  const rows = await selectRows<StoredDetail>(db, detailQuery(run, chosen));
  const evaluations = await readEvaluations(db, sql`c.run_id = ${run} AND ${chosen}`);
  return rows.map((row) => {
    const own = evaluations.get(row.id) ?? [];
    return {
      ...toCandidateRow(row),
      code: row.code,
      finished: row.finished,
      batch: row.batch,
      prompt: row.prompt,
      has_adapter: row.has_adapter,
      error: own[0]?.error ?? null,
      protection_level: row.protection_level,
      run_state: row.run_state,
      recipe: row.recipe,
      evaluation_seed: row.evaluation_seed,
      selection_threshold: row.selection_threshold,
      evaluations: own,
      neighbour: toNeighbour(row),
      failure_peers: row.outcome === null || row.outcome === "ok" ? 0 : row.peers - 1,
      repeatability: toRepeatability(own),
      previous_id: toSibling(run, row.previous_cycle, row.previous_index),
      next_id: toSibling(run, row.next_cycle, row.next_index),
    };
  });
}

function toSibling(run: number, cycle: number | null, index: number | null): string | null {
  return cycle === null || index === null ? null : toCandidateId({ run, cycle, index });
}

function toNeighbour(row: StoredDetail): Neighbour | null {
  if (row.jaccard === null || row.novelty_basis === null) return null;
  const likeness = { jaccard: row.jaccard, minhash_estimate: row.minhash_estimate, basis: row.novelty_basis };
  const { neighbour_run: run, neighbour_cycle: cycle, neighbour_index: index } = row;
  if (run !== null && cycle !== null && index !== null && row.neighbour_code !== null) {
    const id = toCandidateId({ run, cycle, index });
    return { kind: "candidate", id, ...likeness, code: row.neighbour_code, accuracy: row.neighbour_accuracy };
  }
  if (row.corpus_code === null) return null;
  const id = `${row.corpus_version} #${row.corpus_position}`;
  return { kind: "corpus", id, ...likeness, code: row.corpus_code, accuracy: null };
}

const detailQuery = (run: number, chosen: SQL): SQL => sql`
  WITH failure AS (
    SELECT c.outcome, e.error_type, count(*)::int AS peers FROM candidate c
      LEFT JOIN evaluation e ON e.candidate_id = c.id AND e.ordinal = 1
      WHERE c.run_id = ${run} GROUP BY c.outcome, e.error_type)
  SELECT ${candidateColumns}, c.id::int AS id, c.batch, c.code, c.finished, cycle.prompt,
      cycle.adapter_id IS NOT NULL AS has_adapter, e.protection_level, run.state AS run_state,
      run.config->>'recipe' AS recipe, (run.config->>'evaluation_seed')::int AS evaluation_seed,
      cycle.selection_threshold, coalesce(failure.peers, 1) AS peers,
      n.run_id::int AS neighbour_run, n.cycle AS neighbour_cycle, n.index AS neighbour_index, n.code AS neighbour_code,
      n.accuracy AS neighbour_accuracy, corpus_entry.corpus_version, corpus_entry.position AS corpus_position,
      corpus_entry.code AS corpus_code, previous.cycle AS previous_cycle, previous.index AS previous_index,
      next.cycle AS next_cycle, next.index AS next_index
    FROM ${candidateTables}
      JOIN cycle ON cycle.run_id = c.run_id AND cycle.number = c.cycle
      LEFT JOIN failure ON failure.outcome = c.outcome AND failure.error_type IS NOT DISTINCT FROM e.error_type
      LEFT JOIN candidate n ON n.id = c.neighbour_candidate_id
      LEFT JOIN corpus_entry ON corpus_entry.id = c.neighbour_corpus_entry_id
      LEFT JOIN LATERAL (SELECT p.cycle, p.index FROM candidate p
        WHERE p.run_id = c.run_id AND (p.cycle, p.index) < (c.cycle, c.index)
        ORDER BY p.cycle DESC, p.index DESC LIMIT 1) previous ON true
      LEFT JOIN LATERAL (SELECT p.cycle, p.index FROM candidate p
        WHERE p.run_id = c.run_id AND (p.cycle, p.index) > (c.cycle, c.index)
        ORDER BY p.cycle, p.index LIMIT 1) next ON true
    WHERE c.run_id = ${run} AND ${chosen} ORDER BY c.cycle, c.index`;
