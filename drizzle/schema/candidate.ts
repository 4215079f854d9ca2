import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  pgTable,
  text,
  unique,
} from "drizzle-orm/pg-core";

import {
  type CandidateState,
  candidateStates,
  type EvaluationState,
  evaluationStates,
  type NoveltyBasis,
  noveltyBases,
  type Outcome,
  outcomes,
  type ProtectionLevel,
  protectionLevels,
  type Requester,
  requesters,
  type SelectionReason,
  selectionReasons,
} from "../../server/contract/words";
import { createdAt, id, instant, isFraction, isOneOf, reference } from "./columns";
import { cycle } from "./run";

/** Networks known before a run: a named, immutable list. */
export const corpus = pgTable("corpus", {
  version: text().primaryKey(),
  description: text().notNull(),
  entries: integer().notNull(),
  sha256: text().notNull(),
  createdAt: createdAt(),
});

export const corpusEntry = pgTable(
  "corpus_entry",
  {
    id: id(),
    corpusVersion: text().notNull().references(() => corpus.version, { onDelete: "cascade" }),
    position: integer().notNull(),
    code: text().notNull(),
  },
  (table) => [unique("corpus_entry_position").on(table.corpusVersion, table.position)],
);

/** One program written by the language model, valid or not. Its figures are those of its first ended evaluation. */
export const candidate = pgTable(
  "candidate",
  {
    id: id(),
    runId: reference().notNull(),
    cycle: integer().notNull(),
    index: integer().notNull(),
    batch: integer().notNull(),
    state: text().$type<CandidateState>().notNull().default("writing"),
    code: text(),
    tokens: integer(),
    /** The model stopped by itself; false = cut off at max_new_tokens. */
    finished: boolean(),
    outcome: text().$type<Outcome>(),
    parsed: boolean(),
    built: boolean(),
    accuracy: doublePrecision(),
    reportAccuracy: doublePrecision(),
    parameters: bigint({ mode: "number" }),
    /** Similarity to the nearest earlier program, exact Jaccard of 7-token shingles. */
    jaccard: doublePrecision(),
    minhashEstimate: doublePrecision(),
    noveltyBasis: text().$type<NoveltyBasis>(),
    neighbourCandidateId: reference(),
    neighbourCorpusEntryId: reference().references(() => corpusEntry.id, { onDelete: "set null" }),
    novel: boolean(),
    selectionReason: text().$type<SelectionReason>(),
    createdAt: createdAt(),
    completedAt: instant(),
    endedAt: instant(),
  },
  (table) => [
    unique("candidate_run_cycle_index").on(table.runId, table.cycle, table.index),
    foreignKey({ columns: [table.runId, table.cycle], foreignColumns: [cycle.runId, cycle.number] }).onDelete("cascade"),
    foreignKey({ columns: [table.neighbourCandidateId], foreignColumns: [table.id] }).onDelete("set null"),
    check("candidate_state_word", isOneOf(table.state, candidateStates)),
    check("candidate_outcome_word", isOneOf(table.outcome, outcomes)),
    check("candidate_basis_word", isOneOf(table.noveltyBasis, noveltyBases)),
    check("candidate_reason_word", isOneOf(table.selectionReason, selectionReasons)),
    check("candidate_accuracy_fraction", isFraction(table.accuracy)),
    check("candidate_report_accuracy_fraction", isFraction(table.reportAccuracy)),
    check("candidate_jaccard_fraction", isFraction(table.jaccard)),
    check("candidate_ended_has_outcome", sql`(${table.state} = 'ended') = (${table.outcome} is not null)`),
    check("candidate_ok_has_accuracy", sql`(${table.outcome} is not distinct from 'ok') = (${table.accuracy} is not null)`),
    index("candidate_accuracy").on(table.accuracy),
  ],
);

/** One training of one candidate under one recipe and seed. The first ended one decides the candidate's figures. */
export const evaluation = pgTable(
  "evaluation",
  {
    id: id(),
    candidateId: reference().notNull().references(() => candidate.id, { onDelete: "cascade" }),
    ordinal: integer().notNull(),
    recipe: text().notNull(),
    seed: integer().notNull(),
    requestedBy: text().$type<Requester>().notNull(),
    state: text().$type<EvaluationState>().notNull().default("queued"),
    outcome: text().$type<Outcome>(),
    errorType: text(),
    errorMessage: text(),
    /** 1-based line in the candidate's code. */
    errorLine: integer(),
    parsed: boolean(),
    built: boolean(),
    /** Share of the selection split classified correctly; winners are chosen on it. */
    accuracy: doublePrecision(),
    selectionTotal: integer(),
    /** Share of the report split classified correctly; nothing is ever chosen on it. */
    reportAccuracy: doublePrecision(),
    reportTotal: integer(),
    parameters: bigint({ mode: "number" }),
    multiplyAdds: bigint({ mode: "number" }),
    batchesDelivered: integer(),
    trainSeconds: doublePrecision(),
    trainCpuSeconds: doublePrecision(),
    wallSeconds: doublePrecision(),
    peakMemoryBytes: bigint({ mode: "number" }),
    /** What the program printed, cut at a fixed length. */
    output: text(),
    workerId: reference(),
    protectionLevel: text().$type<ProtectionLevel>(),
    createdAt: createdAt(),
    startedAt: instant(),
    endedAt: instant(),
  },
  (table) => [
    unique("evaluation_candidate_ordinal").on(table.candidateId, table.ordinal),
    check("evaluation_state_word", isOneOf(table.state, evaluationStates)),
    check("evaluation_outcome_word", isOneOf(table.outcome, outcomes)),
    check("evaluation_requester_word", isOneOf(table.requestedBy, requesters)),
    check("evaluation_protection_word", isOneOf(table.protectionLevel, protectionLevels)),
    check("evaluation_accuracy_fraction", isFraction(table.accuracy)),
    check("evaluation_report_accuracy_fraction", isFraction(table.reportAccuracy)),
    check("evaluation_ended_has_outcome", sql`(${table.state} = 'ended') = (${table.outcome} is not null)`),
    check("evaluation_ok_has_accuracy", sql`(${table.outcome} is not distinct from 'ok') = (${table.accuracy} is not null)`),
  ],
);
