import { sql } from "drizzle-orm";
import { bigint, check, doublePrecision, index, integer, jsonb, pgSequence, pgTable, text, unique } from "drizzle-orm/pg-core";

import {
  type AttemptEnding,
  attemptEndings,
  type JobKind,
  jobKinds,
  type JobState,
  jobStates,
  type ProtectionLevel,
  protectionLevels,
  type Requester,
  requesters,
  type WorkerState,
  workerStates,
} from "../../server/contract/words";
import { evaluation } from "./candidate";
import { createdAt, id, instant, isOneOf, reference } from "./columns";
import { run } from "./run";
import { task } from "./task";

/** One gpu-worker process tree on one machine. */
export const worker = pgTable(
  "worker",
  {
    id: id(),
    name: text().notNull(),
    host: text().notNull(),
    pid: integer().notNull(),
    state: text().$type<WorkerState>().notNull().default("running"),
    device: text().notNull(),
    slots: integer().notNull(),
    /** What each slot and the language process is doing: slot name -> short text. */
    activity: jsonb().$type<Record<string, string>>().notNull().default({}),
    protectionLevel: text().$type<ProtectionLevel>(),
    protectionChecks: jsonb().$type<{ name: string; passed: boolean; detail: string }[]>(),
    /** What it can evaluate: see RecipeSummary in the worker's recipes. */
    recipes: jsonb().$type<Record<string, unknown>[]>().notNull().default([]),
    versions: jsonb().$type<Record<string, string>>().notNull().default({}),
    memoryBytes: bigint({ mode: "number" }),
    cpuShare: doublePrecision(),
    /** When its advisory lock was first seen free; null = held. */
    lockFreeSince: instant(),
    startedAt: createdAt(),
    heartbeatAt: createdAt(),
    endedAt: instant(),
  },
  (table) => [
    check("worker_state_word", isOneOf(table.state, workerStates)),
    check("worker_protection_word", isOneOf(table.protectionLevel, protectionLevels)),
  ],
);

/** New at every claim; the fence that keeps a late writer out. */
export const leaseToken = pgSequence("lease_token");

/** A unit of work for a worker. Execution is at-least-once; effects are exactly-once (see the functions migration). */
export const job = pgTable(
  "job",
  {
    id: id(),
    kind: text().$type<JobKind>().notNull(),
    /** Of a run, with its cycle, or of a task. */
    runId: reference().references(() => run.id, { onDelete: "cascade" }),
    cycle: integer(),
    taskId: reference().references(() => task.id, { onDelete: "cascade" }),
    evaluationId: reference().references(() => evaluation.id, { onDelete: "cascade" }),
    args: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** Comes from meaning, e.g. `select:3:2`, so the same work is never queued twice. */
    dedupeKey: text().notNull(),
    requestedBy: text().$type<Requester>().notNull().default("loop"),
    priority: integer().notNull().default(0),
    state: text().$type<JobState>().notNull().default("queued"),
    ownerId: reference().references(() => worker.id),
    leaseToken: bigint({ mode: "number" }),
    leaseExpiresAt: instant(),
    attempts: integer().notNull().default(0),
    maxAttempts: integer().notNull().default(3),
    availableAt: createdAt(),
    error: text(),
    createdAt: createdAt(),
    endedAt: instant(),
  },
  (table) => [
    unique("job_dedupe_key").on(table.dedupeKey),
    check("job_kind_word", isOneOf(table.kind, jobKinds)),
    check("job_state_word", isOneOf(table.state, jobStates)),
    check("job_requester_word", isOneOf(table.requestedBy, requesters)),
    check(
      "job_leased_has_lease",
      sql`(${table.state} = 'leased') = (${table.ownerId} is not null and ${table.leaseToken} is not null and ${table.leaseExpiresAt} is not null)`,
    ),
    check("job_of_run_or_task", sql`(${table.runId} is null) = (${table.taskId} is not null) and (${table.runId} is null) = (${table.cycle} is null)`),
    index("job_queue").on(table.priority.desc(), table.runId, table.id).where(sql`${table.state} = 'queued'`),
    index("job_leased").on(table.leaseExpiresAt).where(sql`${table.state} = 'leased'`),
    index("job_run").on(table.runId, table.state),
  ],
);

/** One try at a job. */
export const attempt = pgTable(
  "attempt",
  {
    id: id(),
    jobId: reference().notNull().references(() => job.id, { onDelete: "cascade" }),
    workerId: reference().notNull().references(() => worker.id),
    leaseToken: bigint({ mode: "number" }).notNull(),
    ending: text().$type<AttemptEnding>(),
    error: text(),
    startedAt: createdAt(),
    endedAt: instant(),
  },
  (table) => [
    unique("attempt_token").on(table.leaseToken),
    check("attempt_ending_word", isOneOf(table.ending, attemptEndings)),
    index("attempt_job").on(table.jobId),
  ],
);
