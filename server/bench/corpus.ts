/**
 * `npm run bench -- corpus [-n 10000] [--seed 7]`: seconds to check and to import n chat rows on the running instance, by the
 * terminal's own commands. The networks are different draws of the starter's grammar, none of them in its corpus; every one is
 * built in the jail. The corpus is deleted afterwards.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { ask } from "../cli/api";
import { sendSource } from "../cli/corpus-source";
import { waitForTask } from "../cli/task-wait";
import { venvPython } from "../launch/paths.mjs";
import { benchIo } from "./bench-io";

const { values: options } = parseArgs({
  options: { n: { type: "string", short: "n", default: "10000" }, seed: { type: "string", default: "7" } },
});
const [n, seed] = [options.n, options.seed].map(Number);
if (n === undefined || seed === undefined || !Number.isInteger(n) || n < 1 || !Number.isInteger(seed) || seed < 0) {
  throw new Error("-n takes a whole number from 1, --seed one from 0.");
}

const runs = await ask(benchIo, (api) => api.run.list.query());
if (runs.some(({ state }) => ["waiting", "running", "pausing", "cancelling"].includes(state))) {
  throw new Error("Runs are under way; wait for them or pause them.");
}

const draw = `
import json
from archloom.corpus.grammar import draw_program
found, seed = set(), 2**34 + 2**20 * ${seed}
while len(found) < ${n}:
    program = draw_program(seed)
    if program is not None and program not in found:
        found.add(program)
        print(json.dumps({"messages": [
            {"role": "user", "content": "A network for digits."},
            {"role": "assistant", "content": f"Here it is.\\n\`\`\`python\\n{program}\`\`\`"},
        ]}))
    seed += 1
`;
const drawn = spawnSync(venvPython, ["-c", draw], { encoding: "utf8", maxBuffer: 2 ** 30 });
if (drawn.status !== 0) throw new Error(drawn.stderr);

const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);

const folder = mkdtempSync(join(tmpdir(), "archloom-corpus-bench-"));
const version = `bench-${Date.now()}`;
try {
  const file = join(folder, "rows.jsonl");
  writeFileSync(file, drawn.stdout);
  const started = performance.now();
  const source = await sendSource(benchIo, file);
  const sent = performance.now();
  const check = await ask(benchIo, (api) => api.corpus.check.mutate({ source, recipe: "digits" }));
  const { result } = await waitForTask(benchIo, check.id, "check_corpus");
  const checked = performance.now();
  const task = await ask(benchIo, (api) => api.corpus.import.mutate({ check: check.id, version }));
  const made = await waitForTask(benchIo, task.id, "import_corpus");
  const imported = performance.now();
  console.log("| rows | accepted | imported | send, s | check, s | import, s | in all, s |");
  console.log("|---|---|---|---|---|---|---|");
  const counts = [result.entries, result.accepted, made.result.entries];
  const times = [seconds(started, sent), seconds(sent, checked), seconds(checked, imported), seconds(started, imported)];
  console.log(`| ${[...counts, ...times].join(" | ")} |`);
  await ask(benchIo, (api) => api.corpus.delete.mutate({ version }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
