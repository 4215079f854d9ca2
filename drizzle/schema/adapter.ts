import { sql } from "drizzle-orm";
import { bigint, check, doublePrecision, index, integer, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";

import { type AdapterState, adapterStates } from "../../server/contract/words";
import { candidate, corpusEntry } from "./candidate";
import { bytea, createdAt, id, instant, isOneOf, reference } from "./columns";
import { run } from "./run";

export interface FinetunePoint {
  step: number;
  loss: number;
  learning_rate: number;
  grad_norm: number;
}

/** LoRA weights trained after a cycle on everything selected up to it; writes the next cycle. */
export const adapter = pgTable(
  "adapter",
  {
    id: id(),
    runId: reference().notNull().references(() => run.id, { onDelete: "cascade" }),
    /** The cycle after which it was trained. */
    cycle: integer().notNull(),
    state: text().$type<AdapterState>().notNull().default("training"),
    baseSha256: text(),
    sha256: text(),
    steps: integer(),
    tokens: bigint({ mode: "number" }),
    seconds: doublePrecision(),
    points: jsonb().$type<FinetunePoint[]>(),
    createdAt: createdAt(),
    endedAt: instant(),
  },
  (table) => [
    unique("adapter_run_cycle").on(table.runId, table.cycle),
    check("adapter_state_word", isOneOf(table.state, adapterStates)),
  ],
);

/** An adapter's files, in the database because it is the only thing all workers share. Parts of at most 8 MiB. */
export const adapterFile = pgTable(
  "adapter_file",
  {
    adapterId: reference().notNull().references(() => adapter.id, { onDelete: "cascade" }),
    name: text().notNull(),
    part: integer().notNull(),
    data: bytea().notNull(),
  },
  (table) => [primaryKey({ columns: [table.adapterId, table.name, table.part] })],
);

/** Exactly which candidates and corpus entries an adapter was trained on, in order. */
export const trainingPair = pgTable(
  "training_pair",
  {
    adapterId: reference().notNull().references(() => adapter.id, { onDelete: "cascade" }),
    position: integer().notNull(),
    candidateId: reference().references(() => candidate.id, { onDelete: "cascade" }),
    corpusEntryId: reference().references(() => corpusEntry.id, { onDelete: "cascade" }),
  },
  (table) => [
    primaryKey({ columns: [table.adapterId, table.position] }),
    check("training_pair_one_source", sql`num_nonnulls(${table.candidateId}, ${table.corpusEntryId}) = 1`),
    unique("training_pair_once").on(table.adapterId, table.candidateId),
    index("training_pair_entry").on(table.corpusEntryId),
  ],
);
