import { type SQL, sql } from "drizzle-orm";

import {
  type CandidateState,
  type NoveltyBasis,
  type Outcome,
  type SelectionReason,
  toCandidateId,
  toRunId,
} from "../contract";
import { toIso, toIsoOrNull } from "../db/time";
import type { CandidateRow } from "./views";

/** A candidate as `candidateColumns` reads it. */
export interface StoredCandidate {
  run_id: number;
  run_name: string;
  cycle: number;
  index: number;
  state: CandidateState;
  outcome: Outcome | null;
  parsed: boolean | null;
  built: boolean | null;
  accuracy: number | null;
  report_accuracy: number | null;
  parameters: number | null;
  tokens: number | null;
  train_seconds: number | null;
  jaccard: number | null;
  minhash_estimate: number | null;
  novelty_basis: NoveltyBasis | null;
  novel: boolean | null;
  selection_reason: SelectionReason | null;
  error_type: string | null;
  error_message: string | null;
  created_at: string;
  ended_at: string | null;
}

/** Columns of `StoredCandidate`; to be selected from `candidateTables`. */
export const candidateColumns: SQL = sql`
  c.run_id::int AS run_id, run.name AS run_name, c.cycle, c.index, c.state, c.outcome, c.parsed, c.built, c.accuracy,
  c.report_accuracy, c.parameters::float8 AS parameters, c.tokens, e.train_seconds, c.jaccard, c.minhash_estimate,
  c.novelty_basis, c.novel, c.selection_reason, e.error_type, e.error_message, c.created_at, c.ended_at`;

/** Candidates `c` with their run and their first evaluation `e`. */
export const candidateTables: SQL = sql`
  candidate c JOIN run ON run.id = c.run_id
  LEFT JOIN evaluation e ON e.candidate_id = c.id AND e.ordinal = 1`;

export function toCandidateRow(stored: StoredCandidate): CandidateRow {
  return {
    id: toCandidateId({ run: stored.run_id, cycle: stored.cycle, index: stored.index }),
    run: toRunId(stored.run_id),
    run_name: stored.run_name,
    cycle: stored.cycle,
    index: stored.index,
    state: stored.state,
    outcome: stored.outcome,
    parsed: stored.parsed,
    built: stored.built,
    accuracy: stored.accuracy,
    report_accuracy: stored.report_accuracy,
    parameters: stored.parameters,
    tokens: stored.tokens,
    train_seconds: stored.train_seconds,
    jaccard: stored.jaccard,
    minhash_estimate: stored.minhash_estimate,
    novelty_basis: stored.novelty_basis,
    novel: stored.novel,
    selection_reason: stored.selection_reason,
    error_type: stored.error_type,
    error_message: stored.error_message,
    created_at: toIso(stored.created_at),
    ended_at: toIsoOrNull(stored.ended_at),
  };
}
