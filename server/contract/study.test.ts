import { describe, expect, test } from "vitest";

import { parseArm, parseAssignment, parseSeeds, parseValue, writeSeeds } from ".";

describe("seeds", () => {
  test.each([
    ["0", [0]],
    ["0, 1, 2", [0, 1, 2]],
    ["0-2", [0, 1, 2]],
    [" 5 – 6 ,1", [5, 6, 1]],
    ["2147483647", [2_147_483_647]],
    ["0-19", Array.from({ length: 20 }, (_, at) => at)],
  ])("%s are read", (text, seeds) => expect(parseSeeds(text)).toEqual(seeds));

  test.each(["", ",", "1,", "a", "-1", "2-1", "1.5", "0-20", "0-9,10-20", "1,1", "0-2,2", "2147483648", "0-99999999999", "1e3", "0 1"])("%j are refused", (text) => {
    expect(parseSeeds(text)).toBeNull();
  });

  test.each([[[0, 1, 2], "0-2"], [[0, 1], "0, 1"], [[7], "7"], [[3, 1, 2], "3, 1, 2"]])("%j are written so that they are read again", (seeds, text) => {
    expect(writeSeeds(seeds)).toBe(text);
    expect(parseSeeds(text)).toEqual(seeds);
  });
});

describe("changes", () => {
  test("are JSON where they are some, else text", () => {
    expect(["0.9", "true", '["a","b"]', '"5"', "starter@1", "", "null"].map(parseValue)).toEqual([0.9, true, ["a", "b"], "5", "starter@1", "", null]);
    expect(parseAssignment("server_url=http://a/?b=c")).toEqual(["server_url", "http://a/?b=c"]);
    expect([parseAssignment("=1"), parseAssignment("lora.rank")]).toEqual([null, null]);
  });

  test.each([
    ["frozen:fine_tuning=false", { name: "frozen", set: { fine_tuning: false } }],
    ["two: lora.rank=8, lora.alpha=16", { name: "two", set: { "lora.rank": 8, "lora.alpha": 16 } }],
    ['q and v:lora.target_modules=["q_proj","v_proj"],lora.rank=8', { name: "q and v", set: { "lora.target_modules": ["q_proj", "v_proj"], "lora.rank": 8 } }],
    ["wish:prompt.novelty_wishes=new, and small: please", { name: "wish", set: { "prompt.novelty_wishes": "new, and small: please" } }],
    ["same again:", { name: "same again", set: {} }],
    ["reference", { name: "reference", set: {} }],
    ["novelty off", { name: "novelty off", set: { "novelty.filter": false } }],
  ])("%s is an arm", (text, arm) => expect(parseArm(text)).toEqual(arm));

  test.each(["", "x", "fine_tuning=false", ":fine_tuning=false", "x:fine_tuning", "x:=1"])("%j is none", (text) => expect(parseArm(text)).toBeNull());
});
