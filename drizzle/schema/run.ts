import { sql } from "drizzle-orm";
import { bigint, check, doublePrecision, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";

import type { RunConfig } from "../../server/contract/run-config";
import { type CycleStage, cycleStages, type DesiredState, desiredStates, type RunState, runStates, type StopReason, stopReasons } from "../../server/contract/words";
import { createdAt, id, instant, isFraction, isOneOf, reference } from "./columns";
import { study } from "./study";

/** One experiment: a frozen configuration and its cycles. */
export const run = pgTable(
  "run",
  {
    id: id(),
    name: text().notNull(),
    config: jsonb().$type<RunConfig>().notNull(),
    /** Planned cycles; starts as the configuration's and grows when a person adds some. */
    cycles: integer().notNull(),
    desired: text().$type<DesiredState>().notNull().default("run"),
    state: text().$type<RunState>().notNull().default("waiting"),
    error: text(),
    /** The run whose configuration this one was started again from. */
    sourceRunId: reference(),
    /** The study it belongs to, and the arm's position in it. */
    studyId: reference().references(() => study.id, { onDelete: "set null" }),
    studyArm: integer(),
    /** Why it ended before its planned cycles. */
    stopReason: text().$type<StopReason>(),
    /** Number of the run's last event or chunk; gap-free in commit order. */
    lastSeq: bigint({ mode: "number" }).notNull().default(0),
    createdAt: createdAt(),
    startedAt: instant(),
    endedAt: instant(),
  },
  (table) => [
    check("run_desired_word", isOneOf(table.desired, desiredStates)),
    check("run_state_word", isOneOf(table.state, runStates)),
    check("run_cycles_positive", sql`${table.cycles} > 0`),
    check("run_stop_reason_word", isOneOf(table.stopReason, stopReasons)),
    index("run_study").on(table.studyId, table.studyArm),
  ],
);

/** One turn of the loop. Cycle 0 is written by the base model. */
export const cycle = pgTable(
  "cycle",
  {
    runId: reference().notNull().references(() => run.id, { onDelete: "cascade" }),
    number: integer().notNull(),
    stage: text().$type<CycleStage>().notNull().default("generating"),
    /** How many candidates it will have; fewer than configured when its minutes were used up. */
    planned: integer().notNull(),
    /** The adapter that writes this cycle; null = the base model. */
    adapterId: reference(),
    /** Exact text every program of the cycle was prompted with. */
    prompt: text(),
    /** Accuracy a winner needed, decided when the cycle's candidates had ended. */
    selectionThreshold: doublePrecision(),
    generatedTokens: bigint({ mode: "number" }).notNull().default(0),
    generateSeconds: doublePrecision().notNull().default(0),
    selectSeconds: doublePrecision(),
    createdAt: createdAt(),
    endedAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.number] }),
    check("cycle_stage_word", isOneOf(table.stage, cycleStages)),
    check("cycle_threshold_fraction", isFraction(table.selectionThreshold)),
  ],
);

/** What happened in a run, numbered with `generation_chunk` by `run.last_seq`. */
export const runEvent = pgTable(
  "run_event",
  {
    runId: reference().notNull().references(() => run.id, { onDelete: "cascade" }),
    seq: bigint({ mode: "number" }).notNull(),
    type: text().notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.seq] })],
);

/** Text of programs while they are written; deleted once their code is stored. */
export const generationChunk = pgTable(
  "generation_chunk",
  {
    runId: reference().notNull().references(() => run.id, { onDelete: "cascade" }),
    seq: bigint({ mode: "number" }).notNull(),
    cycle: integer().notNull(),
    batch: integer().notNull(),
    /** Lease token of the attempt that wrote it; a higher one replaces the text. */
    attempt: bigint({ mode: "number" }).notNull(),
    suffixes: jsonb().$type<Record<string, string>>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.seq] }),
    index("generation_chunk_batch").on(table.runId, table.cycle, table.batch),
  ],
);
