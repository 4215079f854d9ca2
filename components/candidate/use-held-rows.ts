"use client";

import { useState } from "react";

import { holdRows } from "./hold-rows";

/**
 * Keeps a list still while it is read: rows on screen get their new values in place, rows that came meanwhile are counted
 * and wait. Another `key` (filter, order) is another list and shows at once.
 */
export function useHeldRows<Row extends { id: string }>(key: string, latest: readonly Row[] | undefined) {
  const [held, setHeld] = useState<{ key: string; rows: readonly Row[] } | null>(null);
  const current = held !== null && held.key === key ? held : null;
  if (current === null || current.rows.length === 0) {
    if (latest !== undefined && latest !== current?.rows && (current === null || latest.length > 0)) setHeld({ key, rows: latest });
    return { rows: latest, waiting: 0, accept: () => {} };
  }
  const { rows, waiting } = holdRows(current.rows, latest ?? []);
  return {
    rows,
    waiting,
    accept: () => latest !== undefined && setHeld({ key, rows: latest }),
  };
}
