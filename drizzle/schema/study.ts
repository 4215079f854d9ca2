import { integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";

import { createdAt, id, reference } from "./columns";

/** Several arms, each a change of one configuration, times several seeds: compared with the first arm. */
export const study = pgTable("study", {
  id: id(),
  name: text().notNull(),
  createdAt: createdAt(),
});

export const studyArm = pgTable(
  "study_arm",
  {
    studyId: reference().notNull().references(() => study.id, { onDelete: "cascade" }),
    /** 0 is the arm that the others are compared with. */
    position: integer().notNull(),
    name: text().notNull(),
    /** Paths and values in which the arm differs from the study's base configuration. */
    changes: jsonb().$type<Record<string, unknown>>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.position] })],
);
