import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { type ScriptedWorker, startScriptedWorker } from "../test/scripted-worker";
import { serve, type TestServer } from "../test/serve";
import type { StudyComparison, StudyDetail } from "../trpc/types";
import { runCommandLine } from "./run-command-line";

const database = useTestDatabase();
const web = useCaller(database);
let worker: ScriptedWorker;
let server: TestServer;

beforeAll(async () => {
  worker = await startScriptedWorker(database.url, {
    judge: ({ index, seed }) => (index === 0 ? { outcome: "parse_error" } : { outcome: "ok", accuracy: index / 20 + seed / 2 }),
  });
  server = await serve(() => web.context);
});
afterAll(async () => {
  await server.close();
  await worker.close();
});

const interrupt = new AbortController();

async function run(...args: string[]) {
  const text = { out: "", error: "" };
  const code = await runCommandLine(args, {
    env: { NODE_ENV: "test", ARCHLOOM_URL: server.url },
    write: (part) => void (text.out += part),
    writeError: (part) => void (text.error += part),
    isTerminal: false,
    signal: interrupt.signal,
    sleep: () => new Promise((later) => setTimeout(later, 20)),
  });
  return { code, ...text };
}

const small = ["--preset", "quick", "--set", "cycles=1", "--set", "candidates_per_cycle=4"];

test("study start --wait runs all arms of all seeds, the base first as the reference, and prints what study show prints", async () => {
  const waiting = run("study", "start", "--name", "better seed", ...small, "--arm", "better:evaluation_seed=1", "--arm", "frozen", "--seeds", "4,5", "--wait");
  const over = waiting.then(() => true);
  // One turn after the other: two at once would be two workers.
  do await worker.work();
  while (!(await Promise.race([over, new Promise<boolean>((later) => setTimeout(() => later(false), 20))])));
  const { code, out, error } = await waiting;
  expect({ code, error }).toEqual({ code: 0, error: "" });
  expect(out).toMatch(/^runs +6: 6 finished$/m);
  expect(out).toMatch(/^better +R2 finished +R5 finished +evaluation_seed=1$/m);
  expect(out).toMatch(/^frozen +R3 finished +R6 finished +fine_tuning=false$/m);
  expect(out).toMatch(/^better +mean accuracy +10\.0 +60\.0 +\+50\.0 \[[^\]]+\] +2 +6, 6 +too few to say$/m);
  expect((await run("study", "show", "S1")).out).toBe(out);
});

describe("a study", () => {
  test("is shown as JSON, Markdown and CSV", async () => {
    const shown = JSON.parse((await run("study", "show", "S1", "--json", "--span", "after_first")).out) as { study: StudyDetail; comparison: StudyComparison };
    expect(shown).toMatchObject({ study: { id: "S1", arm_names: ["reference", "better", "frozen"] }, comparison: { span: "after_first", compared: null } });
    expect((await run("study", "show", "S1", "--markdown")).out).toMatch(/^# S1: better seed\n/);
    expect((await run("study", "show", "S1", "--csv")).out.split("\r\n")).toHaveLength(5);
    expect((await run("study", "list")).out).toMatch(/^S1 +better seed +finished +reference, better, frozen +4, 5 +6\/6 +-$/m);
  });

  test("is paused, resumed, cancelled and deleted as a whole", async () => {
    const { out } = await run("study", "start", "--name", "two", ...small, "--arm", "reference", "--arm", "again:", "--seeds", "0");
    const id = out.trim();
    expect(id).toBe("S2");
    expect((await run("study", "pause", id)).out).toBe("S2: 2 runs paused\n");
    expect((await run("study", "resume", id)).out).toBe("S2: 2 runs resumed\n");
    await worker.step();
    expect((await run("study", "cancel", id, "--json")).out).toBe('{\n  "id": "S2",\n  "runs": 2,\n  "left_alone": 0\n}\n');
    expect((await run("study", "show", id, "--wait")).code).toBe(1);
    expect((await run("study", "delete", id, "--runs", "delete")).out).toBe("S2 is deleted, 2 runs with it\n");
    expect((await run("study", "delete", "S1", "--runs", "keep")).out).toBe("S1 is deleted, 6 runs stay\n");
    expect((await run("study", "list")).out).toMatch(/^There are no studies yet: /);
  });

  test.each([
    [["start"], /^--name is missing/],
    [["start", "--name", "x", "--seeds", "2-1"], /^--seeds takes different whole numbers, e\.g\. 0,1,2 or 0-2, not "2-1"\.$/],
    [["start", "--name", "x", "--arm", "fine_tuning=false"], /^--arm takes name:path=value, e\.g\. .*, not "fine_tuning=false"\.$/],
    [["start", "--name", "x", "--arm", "hot:generation.temprature=1"], /^Arm hot: generation\.temprature: it does not exist\.$/],
    [["start", "--name", "x", "--arm", "frozen", "--arm", "frozen"], /^arms\.2\.name: it is not valid: an earlier arm has this name\.$/],
    [["show", "S99"], /^There is no study S99\.$/],
    [["show", "R1"], /^id: it is not valid: a study id looks like S2\.$/],
    [["show", "S1", "--span", "all"], /^--span takes last_cycle or after_first, not "all"\.$/],
    [["delete", "S1"], /^--runs takes keep or delete/],
  ])("%j is refused in one sentence", async (args, sentence) => {
    const { code, out, error } = await run("study", ...args);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(error.trimEnd()).toMatch(sentence);
  });
});
