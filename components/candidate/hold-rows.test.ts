import { expect, it } from "vitest";

import { holdRows } from "./hold-rows";

const row = (id: string, value = 0) => ({ id, value });

it("updates rows in place, counts new ones and moves nothing", () => {
  const held = [row("a"), row("b")];
  const { rows, waiting } = holdRows(held, [row("c", 9), row("b", 5), row("a", 3)]);
  expect(rows).toEqual([row("a", 3), row("b", 5)]);
  expect(waiting).toBe(1);
});

it("keeps a row that no longer matches until the reader accepts", () => {
  expect(holdRows([row("a"), row("b")], [row("b", 1)])).toEqual({ rows: [row("a"), row("b", 1)], waiting: 0 });
});
