import { expect, it } from "vitest";

import { describeSize, describeToken, toShown } from "./prepare-tokens";

it("makes blanks visible where a token is nothing else", () => {
  expect(["\n\n", "  ", " of", "a\tb", ""].map(toShown)).toEqual(["⏎⏎", "··", " of", "a⇥b", "∅"]);
});

it("says a token's number, text and id", () => {
  expect(describeToken({ id: 5, text: "\n", special: false }, 0, 1200)).toBe(String.raw`Token 1 of 1,200: "\n", id 5`);
  expect(describeToken({ id: 0, text: "<s>", special: true }, 1, 2)).toMatch(/written by the template or the tokenizer$/);
});

it("compares the prompt with the context, and says when nothing is left", () => {
  const tokens = Array.from({ length: 100 }, (_, id) => ({ id, text: "a", special: false }));
  const preview = { text: "", tokens, note: "" };
  expect(describeSize({ ...preview, context_tokens: 400 })).toBe("100 tokens of a context of 400 (25.0\u00a0%): 300 are left for the program.");
  expect(describeSize({ ...preview, context_tokens: 100 })).toMatch(/nothing is left/);
  expect(describeSize({ ...preview, context_tokens: null })).toMatch(/not known/);
  expect(describeSize({ ...preview, tokens: [], context_tokens: null })).toMatch(/^A server/);
});
