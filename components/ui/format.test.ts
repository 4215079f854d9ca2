import { expect, it } from "vitest";

import { formatBytes, formatPercent, formatPoints, formatSeconds, plural } from "./format";

/** Spaces between figure and unit do not break; here they are written as plain ones. */
const plain = (text: string): string => text.replaceAll("\u00a0", " ");

it("writes rates with one decimal and a missing one as a dash", () => {
  expect(plain(formatPercent(0.4213))).toBe("42.1 %");
  expect(formatPercent(null)).toBe("–");
  expect(plain(formatPercent(0))).toBe("0.0 %");
});

it("signs differences", () => {
  expect(plain(formatPoints(-0.021))).toBe("−2.1 points");
  expect(plain(formatPoints(0.3))).toBe("+30.0 points");
});

it("says times as a person does, without ever saying 60 s", () => {
  expect([0.342, 3.14, 48.2, 59.7, 61, 119.6, 200, 3599, 7500].map((seconds) => plain(formatSeconds(seconds)))).toEqual([
    "0.34 s",
    "3.1 s",
    "48 s",
    "1 min",
    "1 min 1 s",
    "2 min",
    "3 min 20 s",
    "1 h",
    "2 h 5 min",
  ]);
  expect(formatSeconds(null)).toBe("–");
});

it("counts bytes in binary units", () => {
  expect([512, 2048, 310_000_000, 2_400_000_000].map((bytes) => plain(formatBytes(bytes)))).toEqual(["512 B", "2.0 KiB", "296 MiB", "2.2 GiB"]);
});

it("agrees in number", () => {
  expect([plural(1, "winner"), plural(0, "winner"), plural(1200, "match", "matches")]).toEqual(["1 winner", "0 winners", "1,200 matches"]);
});
