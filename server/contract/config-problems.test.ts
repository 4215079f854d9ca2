import { expect, test } from "vitest";

import { findConfigProblems, findConfigWarnings } from "./config-problems";
import { presets } from "./presets";
import type { RunConfig } from "./run-config";

const { starter } = presets;
const fieldsOf = (change: Partial<RunConfig>) => findConfigProblems({ ...starter, ...change }).map(({ field }) => field);

test.each(Object.entries(presets))("the preset %s contradicts itself nowhere", (_, config) => {
  expect(findConfigProblems(config)).toEqual([]);
  expect(findConfigWarnings(config)).toEqual([]);
});

test("the grammar has neither a model nor anything to train", () => {
  expect(fieldsOf({ backend: "grammar" })).toEqual(["model", "fine_tuning"]);
  expect(fieldsOf({ backend: "grammar", model: "grammar", fine_tuning: false })).toEqual([]);
});

test.each(["", " http://a/v1", "127.0.0.1:8000", "ftp://a/v1", "file:///etc/passwd", "javascript:alert(1)", "http://"])(
  "a server is not asked at %j",
  (server_url) => expect(fieldsOf({ backend: "server", server_url })).toEqual(["server_url"]),
);

test.each(["http://127.0.0.1:8000/v1", "https://models.example/v1"])("a server is asked at %s, and only by its backend", (server_url) => {
  expect(fieldsOf({ backend: "server", server_url })).toEqual([]);
  expect(fieldsOf({ server_url })).toEqual(["server_url"]);
});

test("nothing is replayed without fine-tuning", () => {
  const loop = { ...starter.loop, replay_share: 0.5 };
  expect(fieldsOf({ loop })).toEqual([]);
  expect(fieldsOf({ loop, fine_tuning: false })).toEqual(["loop.replay_share"]);
});

test("what is allowed and probably not meant is only a warning", () => {
  const odd = { ...starter, candidates_per_cycle: 8, selection: { ...starter.selection, floor: 0.6 } };
  expect(findConfigProblems(odd)).toEqual([]);
  expect(findConfigWarnings(odd).map(({ field }) => field)).toEqual(["selection.floor", "generation.batch_size"]);
});
