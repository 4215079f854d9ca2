import { expect, test } from "vitest";

import { toFindingsCsv } from "./findings-csv";

test("findings become a table that no spreadsheet takes for formulas", () => {
  const text = toFindingsCsv([
    { position: 0, locator: "a.jsonl line 1", name: null, verdict: "accepted", reason: null },
    { position: 1, locator: '=cmd|"/c calc"!A1', name: "@x, y", verdict: "rejected", reason: "two\nlines" },
  ]);
  expect(text).toBe(
    'position,where,name,verdict,reason\r\n0,a.jsonl line 1,,accepted,\r\n1,"\'=cmd|""/c calc""!A1","\'@x, y",rejected,"two\nlines"\r\n',
  );
});
