import { describe, expect, test } from "vitest";

import { pairedShift, rankCorrelation } from "../../server/contract/statistics";
import type { Transfer, TransferredCandidate } from "../../server/transfer/views";
import { countLeft, describeMark, prepareTransfer } from "./prepare-transfer";

const candidate = (index: number, change: Partial<TransferredCandidate>): TransferredCandidate => ({
  id: `R1.0.00${index}`,
  evaluation_id: `R1.0.00${index}e2`,
  accuracy: 0.9,
  report_accuracy: 0.8,
  outcome: "ok",
  transferred_accuracy: 0.5,
  transferred_report_accuracy: 0.5,
  ...change,
});

function toTransfer(candidates: TransferredCandidate[]): Transfer {
  const pairs = candidates.flatMap(({ report_accuracy: before, transferred_report_accuracy: after }) => (before === null || after === null ? [] : [{ before, after }]));
  const waiting = candidates.filter(({ outcome }) => outcome === null).length;
  return { recipe: "svhn", candidates, waiting, cancelling: 0, seconds_left: null, valid: pairs.length, failed: candidates.length - waiting - pairs.length, shift: pairedShift(pairs), rank_correlation: rankCorrelation(pairs) };
}

const none = { transferred_accuracy: null, transferred_report_accuracy: null };
const mixed = toTransfer([
  candidate(0, { report_accuracy: 0.9, transferred_report_accuracy: 0.6 }),
  candidate(1, { report_accuracy: 0.7, transferred_report_accuracy: 0.5 }),
  candidate(2, { report_accuracy: 0.8, transferred_report_accuracy: 0.45 }),
  candidate(3, { outcome: null, ...none }),
  candidate(4, { outcome: "time_limit", ...none }),
  candidate(5, { outcome: "worker_lost", ...none }),
]);

describe("a transfer", () => {
  test("says the shift with its interval and n, and what became of every winner, with reasons", () => {
    const { title, summary, table } = prepareTransfer(mixed, "digits");
    expect(title).toMatch(/^Under svhn: −28\.3\u00a0points \(95 % interval −47\.3 to −9\.4\u00a0points, n = 3\)$/);
    expect(summary).toContain("6 winners: 3 valid under both, 1 waiting, 2 failed (1 time limit, 1 worker lost). Rank correlation 0.50");
    expect(table.rows.map((row) => row[4])).toEqual(["valid", "valid", "valid", "waiting", "time limit", "worker lost"]);
    expect(table.rows[3]).toEqual(["R1.0.003", "80.0\u00a0%", "–", "–", "waiting"]);
  });

  test("draws who is valid under both, in the order that the keyboard goes", () => {
    const model = prepareTransfer(mixed, "digits");
    expect(model.marks.map(({ id }) => id)).toEqual(["R1.0.001", "R1.0.002", "R1.0.000"]);
    expect(model.marks.map((mark) => describeMark(mark, model))[0]).toBe("R1.0.001: 70.0\u00a0% under digits, 50.0\u00a0% under svhn, −20.0\u00a0points");
  });

  test("calls a shift whose interval holds 0 inside the noise, and claims nothing of none or one", () => {
    const up = candidate(0, { report_accuracy: 0.5, transferred_report_accuracy: 0.7 });
    const down = candidate(1, { report_accuracy: 0.5, transferred_report_accuracy: 0.4 });
    expect(prepareTransfer(toTransfer([up, down]), "digits").title).toMatch(/inside the noise$/);
    expect(prepareTransfer(toTransfer([up]), "digits").title).toBe("Under svhn: +20.0\u00a0points, n = 1");
    expect(prepareTransfer(toTransfer([candidate(0, { outcome: null, ...none })]), "digits").title).toBe("Under svhn: nothing evaluated yet");
  });

  test("asks again for what was lost, and for nothing twice", () => {
    expect(countLeft(undefined, 20)).toBe(20);
    expect(countLeft(mixed, 6)).toBe(1);
    expect(countLeft(mixed, 3)).toBe(0);
  });
});
