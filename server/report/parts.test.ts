import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { parseAssignment, presets, type RunConfig } from "../contract";
import { projectFolder } from "../launch/paths.mjs";
import { configFields } from "../run/fields";
import { configureRun } from "../run/configure";
import { drawLosses, findBinSize } from "./charts/loss";
import { listFields, toCommand } from "./command";
import { findDifferences } from "./differences";
import { tokens } from "./html-style";
import { toStanding } from "./standing";
import { makeVisible } from "./visible";

/** Another value that the field may have. */
function pickOther({ path, type, options, min, max }: (typeof configFields)[number]): unknown {
  const value = path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], presets.paper);
  if (type === "boolean") return value !== true;
  if (type === "list") return ["q_proj"];
  if (type === "choice") return options?.find((one) => one !== value);
  if (type === "text") return { "prompt.template": "other@2", recipe: "digits", corpus_version: "other", model: "org/other" }[path] ?? "other";
  const [low, high] = [min ?? 0, max ?? 1];
  return value === high ? low : Math.min(high, typeof value === "number" && type === "integer" ? value + 1 : (Number(value) + high) / 2);
}

test("a run of the preset paper differs from it in no setting, and a change of one is listed unless it is no matter of the paper's", () => {
  expect(findDifferences(presets.paper, null)).toEqual([]);
  const unlisted = configFields
    .filter(({ path }) => path !== "preset")
    .filter((field) => findDifferences(configureRun(presets.paper, {}, { [field.path]: pickOther(field) }), null).length === 0)
    .map(({ path }) => path);
  // Seeds, addresses, wording, and what another field switches off.
  expect(unlisted).toEqual(["seed", "server_url", "prompt.template", "prompt.novelty_wishes", "evaluation_seed", "generation.batch_size", "generation.max_new_tokens", "lora.max_steps", "lora.steps_per_pair"]);
});

test("without fine-tuning nothing is said of how it would have been done", () => {
  const frozen = configureRun(presets.starter, {}, { fine_tuning: false });
  const listed = findDifferences(frozen, null).map(({ aspect }) => aspect);
  expect(listed).toContain("fine-tuning");
  expect(listed).not.toContain("learning rate");
});

/** What `run start` would make of the command, by way of a real shell. */
function read(command: string): RunConfig {
  const [, words = ""] = command.split("npm run -s archloom -- run start ");
  const args = execFileSync("sh", ["-c", `printf '%s\\0' ${words}`], { encoding: "utf8" }).split("\0").slice(0, -1);
  const at = (option: string) => args[args.indexOf(option) + 1] ?? "";
  const sets = args.flatMap((word, place) => (args[place - 1] === "--set" ? [parseAssignment(word)] : [])).filter((set) => set !== null);
  const base = presets[at("--preset") as keyof typeof presets];
  return configureRun(base, {}, { seed: Number(at("--seed")), ...Object.fromEntries(sets) });
}

test.each([
  ["as the preset is", {}],
  ["with everything that a shell or a parser might take for its own", { seed: 7, model: "12", "prompt.novelty_wishes": "it's \"$HOME\" `id` \\ {{classes}}\n--set x=1 = true", fine_tuning: false, "lora.target_modules": ["q_proj", "v-1.x"] }],
])("the command starts the same run: %s", (_, set) => {
  const config = configureRun(presets["starter-22"], {}, set);
  expect(read(toCommand(config, 22))).toEqual(config);
  expect(read(toCommand(config, 30))).toEqual({ ...config, cycles: 30 });
  expect(listFields(config).filter(({ preset }) => preset !== null).map(({ path }) => path).toSorted()).toEqual(Object.keys(set).toSorted());
});

test("a run of a preset that is gone is started from another with all that differs", () => {
  const config = { ...presets.quick, preset: "old", generation: { ...presets.quick.generation, temperature: 0.5 } };
  expect(read(toCommand(config, 2))).toEqual({ ...config, preset: "starter" });
});

test("a run that has not finished as planned is told so before anything else", () => {
  const run = { id: "R1", state: "finished", stopped: null, error: null, cycle: 3, stage: "evaluating", cycles_planned: 6, counts: { worker_lost: 1, generated: 100 } };
  const tell = (change: object, judged = 3) => toStanding({ ...run, ...change } as Parameters<typeof toStanding>[0], judged);
  expect(tell({})).toBeNull();
  expect(tell({ state: "failed", error: "No such model" })).toBe("R1 failed in cycle 3: No such model. 3 of 6 planned cycles are judged, and only those are in the results.");
  expect(tell({ state: "running" }, 0)).toMatch(/^R1 is running, in cycle 3: .* No cycle was judged to its end, so most of this report is empty\.$/);
  expect(tell({ stopped: { reason: "collapse", cycles_asked: 6 } })).toMatch(/^R1 ended after 3 of 6 cycles because it had collapsed/);
  expect(tell({ counts: { worker_lost: 5, generated: 100 } })).toBe("5 of 100 programs (5.0 %) were lost with a worker and are in no rate.");
});

test("characters that are not seen are shown, in every text of a document", () => {
  expect(makeVisible({ a: ["x\u202ey\u0007", { b: "1\r\n2\t3" }], n: 1, none: null })).toEqual({ a: ["x\\u{202e}y\\u{7}", { b: "1\n2\t3" }], n: 1, none: null });
});

test("the file has the colours of the screens", () => {
  const css = readFileSync(join(projectFolder, "app", "globals.css"), "utf8");
  const [light = "", dark = ""] = [/^:root \{([^}]*)\}/m, /\[data-theme="dark"\] \{([^}]*)\}/].map((rule) => rule.exec(css)?.[1]);
  for (const [theme, rule] of [[tokens.light, light], [tokens.dark, dark]] as const) {
    for (const [name, color] of Object.entries(theme)) expect(rule).toContain(`--${name}: ${color};`);
  }
});

test("a long fine-tuning is drawn with few points, and a loss that is not a number breaks its line", () => {
  const points = Array.from({ length: 300_000 }, (_, at) => ({ step: at + 1, loss: at < 200_000 ? 1 : Number.NaN }));
  const lines = [{ cycle: 0, points }];
  const line = drawLosses(lines).shapes.find(({ title }) => title === "after cycle 0");
  expect(findBinSize(lines)).toBe(2000);
  expect(line?.attributes.d?.match(/[ML]/g)).toHaveLength(100);
  expect(JSON.stringify(drawLosses(lines))).not.toContain("NaN");
});
