import { sql } from "drizzle-orm";
import { bigint, boolean, check, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";

import type { TaskProgress } from "../../server/contract/tasks";
import { type PromptKind, promptKinds, type TaskKind, taskKinds, type TaskState, taskStates } from "../../server/contract/words";
import { bytea, createdAt, id, instant, isOneOf, reference } from "./columns";

/** Work of a worker that belongs to no run; done by one job of the same kind. */
export const task = pgTable(
  "task",
  {
    id: id(),
    kind: text().$type<TaskKind>().notNull(),
    args: jsonb().$type<Record<string, unknown>>().notNull(),
    state: text().$type<TaskState>().notNull().default("queued"),
    cancelRequested: boolean().notNull().default(false),
    progress: jsonb().$type<TaskProgress>(),
    result: jsonb().$type<Record<string, unknown>>(),
    error: text(),
    createdAt: createdAt(),
    startedAt: instant(),
    endedAt: instant(),
  },
  (table) => [
    check("task_kind_word", isOneOf(table.kind, taskKinds)),
    check("task_state_word", isOneOf(table.state, taskStates)),
    check("task_done_has_result", sql`(${table.state} = 'done') = (${table.result} is not null)`),
  ],
);

/** A file that a person sent or may fetch, in the database because it is the only thing all workers share. Parts of at most 8 MiB. */
export const storedFile = pgTable("stored_file", {
  id: id(),
  name: text().notNull(),
  bytes: bigint({ mode: "number" }).notNull().default(0),
  complete: boolean().notNull().default(false),
  createdAt: createdAt(),
});

export const storedFilePart = pgTable(
  "stored_file_part",
  {
    fileId: reference().notNull().references(() => storedFile.id, { onDelete: "cascade" }),
    part: integer().notNull(),
    data: bytea().notNull(),
  },
  (table) => [primaryKey({ columns: [table.fileId, table.part] })],
);

/** A version of a prompt template never changes: a run names the one it used. */
export const promptTemplate = pgTable(
  "prompt_template",
  {
    name: text().notNull(),
    version: integer().notNull(),
    kind: text().$type<PromptKind>().notNull(),
    /** The system message; empty for `plain`. */
    system: text().notNull(),
    /** The user message, or the text that is continued. */
    text: text().notNull(),
    /** Came with Archloom. */
    builtin: boolean().notNull().default(false),
    /** No longer offered; runs that used it keep it. */
    archivedAt: instant(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.name, table.version] }),
    check("prompt_template_kind_word", isOneOf(table.kind, promptKinds)),
    check("prompt_template_version_positive", sql`${table.version} > 0`),
  ],
);
