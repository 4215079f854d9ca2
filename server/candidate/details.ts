import { type SQL, sql } from "drizzle-orm";

import { type Backend, type CandidateRef, type NoveltyTests, type ProtectionLevel, type RunState, toCandidateId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { readEvaluations, toRepeatability } from "./evaluations";
import { candidateColumns, candidateTables, type StoredCandidate, toCandidateRow } from "./rows";
import type { CandidateDetail, Neighbour, Twin } from "./views";

interface StoredDetail extends StoredCandidate {
  id: number;
  batch: number;
  code: string | null;
  finished: boolean | null;
  prompt: string | null;
  has_adapter: boolean;
  protection_level: ProtectionLevel | null;
  run_state: RunState;
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
  corpus_name: string | null;
  corpus_accuracy: number | null;
  answer: string | null;
  recipe: string;
  evaluation_seed: number;
  backend: Backend;
  model: string;
  prompt_template: string;
  novelty_tests: NoveltyTests;
  novelty_threshold: number;
  twin_run: number | null;
  twin_cycle: number | null;
  twin_index: number | null;
  twin_version: string | null;
  twin_position: number | null;
  twin_name: string | null;
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
      answer: row.answer === row.code ? null : row.answer,
      finished: row.finished,
      batch: row.batch,
      prompt: row.prompt,
      has_adapter: row.has_adapter,
      error: own[0]?.error ?? null,
      protection_level: row.protection_level,
      run_state: row.run_state,
      recipe: row.recipe,
      evaluation_seed: row.evaluation_seed,
      backend: row.backend,
      model: row.model,
      prompt_template: row.backend === "grammar" ? null : row.prompt_template,
      selection_threshold: row.selection_threshold,
      evaluations: own,
      neighbour: toNeighbour(row),
      twin: toTwin(row),
      novelty_tests: row.novelty_tests,
      refused_by: toRefusal(row),
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
    return { kind: "candidate", id, name: null, ...likeness, code: row.neighbour_code, accuracy: row.neighbour_accuracy };
  }
  if (row.corpus_code === null) return null;
  const id = toEntryId(row.corpus_version, row.corpus_position);
  return { kind: "corpus", id, name: row.corpus_name, ...likeness, code: row.corpus_code, accuracy: row.corpus_accuracy };
}

const toEntryId = (version: string | null, position: number | null) => `${version} #${position}`;

function toTwin(row: StoredDetail): Twin | null {
  const { twin_run: run, twin_cycle: cycle, twin_index: index } = row;
  if (run !== null && cycle !== null && index !== null) return { kind: "candidate", id: toCandidateId({ run, cycle, index }), name: null };
  if (row.twin_version === null) return null;
  return { kind: "corpus", id: toEntryId(row.twin_version, row.twin_position), name: row.twin_name };
}

/** Which of the tests that decide in its run found a copy; null unless it is one. */
function toRefusal(row: StoredDetail): CandidateDetail["refused_by"] {
  if (row.novel !== false) return null;
  if (row.novelty_tests !== "text_and_structure") return row.novelty_tests;
  // A twin that was deleted with its run leaves no trace but the verdict.
  if (row.jaccard === null || row.jaccard < row.novelty_threshold) return "structure";
  return toTwin(row) === null ? "text" : "text_and_structure";
}

const detailQuery = (run: number, chosen: SQL): SQL => sql`
  WITH failure AS (
    SELECT c.outcome, e.error_type, count(*)::int AS peers FROM candidate c
      LEFT JOIN evaluation e ON e.candidate_id = c.id AND e.ordinal = 1
      WHERE c.run_id = ${run} GROUP BY c.outcome, e.error_type)
  SELECT ${candidateColumns}, c.id::int AS id, c.batch, c.code, c.finished, cycle.prompt,
      cycle.adapter_id IS NOT NULL AS has_adapter, e.protection_level, run.state AS run_state,
      run.config->>'recipe' AS recipe, (run.config->>'evaluation_seed')::int AS evaluation_seed, run.config->>'backend' AS backend,
      run.config->>'model' AS model, run.config->'prompt'->>'template' AS prompt_template, run.config->'novelty'->>'tests' AS novelty_tests,
      (run.config->'novelty'->>'threshold')::float8 AS novelty_threshold, c.answer,
      cycle.selection_threshold, coalesce(failure.peers, 1) AS peers,
      n.run_id::int AS neighbour_run, n.cycle AS neighbour_cycle, n.index AS neighbour_index, n.code AS neighbour_code,
      n.accuracy AS neighbour_accuracy, corpus_entry.corpus_version, corpus_entry.position AS corpus_position,
      corpus_entry.code AS corpus_code, corpus_entry.name AS corpus_name, corpus_entry.accuracy AS corpus_accuracy,
      twin.run_id::int AS twin_run, twin.cycle AS twin_cycle, twin.index AS twin_index, twin_entry.corpus_version AS twin_version,
      twin_entry.position AS twin_position, twin_entry.name AS twin_name, previous.cycle AS previous_cycle, previous.index AS previous_index,
      next.cycle AS next_cycle, next.index AS next_index
    FROM ${candidateTables}
      JOIN cycle ON cycle.run_id = c.run_id AND cycle.number = c.cycle
      LEFT JOIN failure ON failure.outcome = c.outcome AND failure.error_type IS NOT DISTINCT FROM e.error_type
      LEFT JOIN candidate n ON n.id = c.neighbour_candidate_id
      LEFT JOIN corpus_entry ON corpus_entry.id = c.neighbour_corpus_entry_id
      LEFT JOIN candidate twin ON twin.id = c.twin_candidate_id
      LEFT JOIN corpus_entry twin_entry ON twin_entry.id = c.twin_corpus_entry_id
      LEFT JOIN LATERAL (SELECT p.cycle, p.index FROM candidate p
        WHERE p.run_id = c.run_id AND (p.cycle, p.index) < (c.cycle, c.index)
        ORDER BY p.cycle DESC, p.index DESC LIMIT 1) previous ON true
      LEFT JOIN LATERAL (SELECT p.cycle, p.index FROM candidate p
        WHERE p.run_id = c.run_id AND (p.cycle, p.index) > (c.cycle, c.index)
        ORDER BY p.cycle, p.index LIMIT 1) next ON true
    WHERE c.run_id = ${run} AND ${chosen} ORDER BY c.cycle, c.index`;
