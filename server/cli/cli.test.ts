import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { type ScriptedWorker, startScriptedWorker } from "../test/scripted-worker";
import { serve, type TestServer } from "../test/serve";
import type { Evaluation, RunDetail, RunExport, RunSummary } from "../trpc/types";
import type { CommandIo } from "./io";
import { commands, runCommandLine } from "./run-command-line";

const database = useTestDatabase();
const web = useCaller(database);
let worker: ScriptedWorker;
let server: TestServer;
let home = "";

beforeAll(async () => {
  worker = await startScriptedWorker(database.url, {
    judge: ({ index, seed }) => (index === 0 ? { outcome: "parse_error", errorType: "SyntaxError" } : { outcome: "ok", accuracy: (index + seed) / 10 }),
  });
  server = await serve(() => web.context);
  home = mkdtempSync(join(tmpdir(), "archloom-cli-"));
});
afterAll(async () => {
  await server.close();
  await worker.close();
  rmSync(home, { recursive: true });
});

interface Outcome {
  code: number;
  out: string;
  error: string;
}

interface Session extends CommandIo {
  interrupt: () => void;
}

async function run(line: string, change: (io: Session) => void = () => {}): Promise<Outcome> {
  const text = { out: "", error: "" };
  const interrupt = new AbortController();
  const io: Session = {
    env: { NODE_ENV: "test", ARCHLOOM_URL: server.url, ARCHLOOM_HOME: home, INIT_CWD: home },
    write: (part) => void (text.out += part),
    writeError: (part) => void (text.error += part),
    isTerminal: false,
    signal: interrupt.signal,
    sleep: () => new Promise((later) => setTimeout(later, 20)),
    interrupt: () => interrupt.abort(),
  };
  change(io);
  const code = await runCommandLine(line.split(" ").filter((word) => word !== ""), io);
  return { code, ...text };
}

const notYet = () => new Promise<boolean>((done) => setTimeout(() => done(false), 20));

const readJson = <Value>({ code, out, error }: Outcome): Value => {
  expect({ code, error }).toEqual({ code: 0, error: "" });
  return JSON.parse(out) as Value;
};

describe("run start", () => {
  test("--wait --json prints exactly what run show --json prints", async () => {
    const waiting = run("run start --preset quick --seed 1 --set generation.temperature=0.7 --set fine_tuning=false --name one --wait --json");
    const over = waiting.then(() => true);
    // One turn after the other: two at once would be two workers.
    do await worker.work();
    while (!(await Promise.race([over, notYet()])));
    const started = await waiting;
    const detail = readJson<RunDetail>(started);
    expect(detail).toMatchObject({
      name: "one",
      state: "finished",
      config: { seed: 1, fine_tuning: false, generation: { temperature: 0.7 } },
      cycles: [{ generated: 8, rated: 8, parsed: 7, built: 7, valid: 7, valid_rate: { value: 0.875 }, accuracy_mean: { n: 7 } }, {}],
    });
    expect((await run(`run show ${detail.id} --json`)).out).toBe(started.out);
  });

  test("without --wait says the id", async () => {
    const { code, out } = await run("run start --preset quick");
    expect({ code, out: out.replace(/\d+/, "3") }).toEqual({ code: 0, out: "R3\n" });
    await run(`run cancel ${out.trim()}`);
  });

  test("exits with 1 and says so when the run was cancelled", async () => {
    const waiting = run("run start --preset quick --wait");
    for (;;) {
      const [newest] = await web.call.run.list();
      if (newest?.state === "waiting") {
        await web.call.run.cancel({ id: newest.id });
        break;
      }
      await new Promise((later) => setTimeout(later, 20));
    }
    expect(await waiting).toMatchObject({ code: 1, error: expect.stringMatching(/^R\d+ was cancelled\n$/) as string });
  });

  test("waits through a restart of the instance, on another port", async () => {
    const { id } = await web.call.run.start({ preset: "quick" });
    let asked = 0;
    let first = await serve(() => ((asked += 1), web.context));
    writeFileSync(join(home, "instance.json"), JSON.stringify({ url: first.url }));
    const waiting = run(`run show ${id} --wait --json`, (io) => delete io.env["ARCHLOOM_URL"]);
    await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(1);
    await first.close();
    await worker.work();
    await new Promise((later) => setTimeout(later, 100));
    first = await serve(() => web.context);
    writeFileSync(join(home, "instance.json"), JSON.stringify({ url: first.url }));
    expect(readJson<RunDetail>(await waiting)).toMatchObject({ id, state: "finished" });
    await first.close();
    rmSync(join(home, "instance.json"));
  });

  test("shows progress where somebody watches, and leaves no trace of it", async () => {
    const { id } = await web.call.run.start({ preset: "quick" });
    let shown = "";
    const waiting = run(`run show ${id} --wait`, (io) => {
      const write = io.writeError;
      io.isTerminal = true;
      io.writeError = (part) => {
        shown += part;
        write(part);
      };
    });
    await worker.step(["generate"]);
    const line = `${id} running: cycle 1 of 2, generating, 4 written, 0 evaluated of 8`;
    await expect.poll(() => shown, { timeout: 10_000 }).toContain(line);
    await worker.work();
    const { code, error } = await waiting;
    expect(code).toBe(0);
    expect(error.endsWith("\r\u001b[K")).toBe(true);
  });

  test("interrupted, leaves the run going and says so", async () => {
    const { id } = await web.call.run.start({ preset: "quick" });
    const { code, error } = await run(`run show ${id} --wait`, (io) => setTimeout(() => io.interrupt(), 150));
    expect(code).toBe(1);
    expect(error).toBe(`${id} goes on without this command: npm run -s archloom -- run show ${id} (or run cancel ${id}).\n`);
    expect((await web.call.run.get({ id })).desired).toBe("run");
    await web.call.run.cancel({ id });
  });
});

describe("the other commands", () => {
  let id = "";
  beforeAll(async () => {
    ({ id } = await web.call.run.start({ preset: "quick" }));
    await worker.work();
  });

  test("run list and run show align their columns", async () => {
    const { out } = await run("run list");
    const [title = "", line = ""] = out.split("\n");
    expect(title).toMatch(/^run +name +state +cycle +valid % +first mean %/);
    expect(line.startsWith(`${id} `)).toBe(true);
    expect(line.indexOf("finished")).toBe(title.indexOf("state"));
    expect(readJson<RunSummary[]>(await run("run list --json"))[0]).toMatchObject({ id });
    const shown = await run(`run show ${id}`);
    expect(shown.out).toContain("87.5 [");
    expect(shown.out).toMatch(/ n=8 /);
  });

  test("pause, resume, cancel and add-cycles do what they say", async () => {
    const other = (await run("run start --preset quick")).out.trim();
    expect((await run(`run pause ${other}`)).out).toBe(`${other} is paused\n`);
    expect((await run(`run resume ${other}`)).out).toBe(`${other} is waiting\n`);
    expect((await run(`run cancel ${other}`)).out).toBe(`${other} is cancelled\n`);
    expect(await run(`run resume ${other}`)).toEqual({ code: 1, out: "", error: `${other} is cancelled and cannot be resumed.\n` });
    expect((await run(`run add-cycles ${id} 1`)).out).toBe(`${id} goes on to 3 cycles\n`);
    await worker.work();
  });

  test("candidate rerun --wait prints the evaluation with its difference", async () => {
    const waiting = run(`candidate rerun ${id}.0.003 --seed 2 --wait --json`);
    const working = setInterval(() => void worker.step(), 50);
    const evaluation = readJson<Evaluation>(await waiting);
    clearInterval(working);
    expect(evaluation).toMatchObject({ id: `${id}.0.003e2`, seed: 2, outcome: "ok", accuracy: 0.5 });
    expect(evaluation.accuracy_difference).toBeCloseTo(0.2, 12);
    const shown = await run(`candidate show ${id}.0.003`);
    expect(shown.out).toMatch(/R\d+\.0\.003e2 +2 +ok +50\.0 +20\.0/);
    expect(shown.out).toContain("class Net");
    expect((await run(`candidate show ${id}.0.000`)).out).toContain("SyntaxError: it said so (line 3)");
  });

  test("export run writes the whole run, to a file beside the person", async () => {
    expect(await run(`export run ${id} --format json --out run.json`)).toEqual({ code: 0, out: "", error: "" });
    const exported = JSON.parse(readFileSync(join(home, "run.json"), "utf8")) as RunExport;
    expect(exported.candidates).toHaveLength(24);
    expect(exported.run.id).toBe(id);
    expect((await run(`export run ${id} --out no/such/folder.json`)).error).toMatch(/cannot be written/);
  });

  test("worker list shows workers and the queue", async () => {
    const { out } = await run("worker list");
    expect(out).toMatch(/scripted +running +cpu/);
    expect(out).toMatch(/finetune +0 +0 +-/);
  });
});

describe("what is wrong is one sentence and exit code 1", () => {
  test.each([
    ["run start --preset huge", /^preset: there is no preset "huge"/],
    ["run start --seed -1", /^seed: it must be at least 0\.$/],
    ["run start --name --json", /^Option '--name' argument is ambiguous: see [^\n]+\.$/],
    ["run start --set generation.temperature=9", /^generation\.temperature: it must be at most 2\.$/],
    ["run start --set temperature", /^--set takes path=value/],
    ["run start --seed x", /^--seed takes a whole number, not "x"/],
    ["run start --sed 1", /^Unknown option '--sed'/],
    ["run start surplus", /^"surplus" is one argument too many/],
    ["run show", /^run is missing/],
    ["run show 3", /^id: it is not valid: a run id looks like R3\.$/],
    ["run show R999", /^There is no run R999\.$/],
    ["run add-cycles R1 x", /^cycles: it must be a whole number\.$|^cycles: it must be a number\.$/],
    ["candidate show R999.0.000", /^There is no candidate R999\.0\.000\.$/],
    ["candidate rerun R1", /^id: it is not valid: a candidate id looks like R3\.2\.017\.$/],
    ["export run R1 --format xml", /^--format takes json, not "xml"\.$/],
    ["run fly R1", /^There is no command "run fly"/],
    ["fly", /^There is no command "fly"/],
  ])("%s", async (line, sentence) => {
    const { code, out, error } = await run(line);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(error.trimEnd()).toMatch(sentence);
    expect(error.trimEnd()).not.toContain("\n");
  });

  test("when nothing runs here", async () => {
    const { code, error } = await run("run list", (io) => delete io.env["ARCHLOOM_URL"]);
    expect({ code, error }).toEqual({ code: 1, error: "Archloom is not running here: start it with npm start, or name one in ARCHLOOM_URL.\n" });
  });

  test("when nothing, or something else, answers", async () => {
    const refused = await run("run list", (io) => (io.env["ARCHLOOM_URL"] = "http://127.0.0.1:1"));
    expect(refused).toMatchObject({ code: 1, error: "Nothing answers as Archloom at http://127.0.0.1:1: start it with npm start.\n" });
    const wrong = await run("run list", (io) => (io.env["ARCHLOOM_URL"] = "nonsense"));
    expect(wrong).toMatchObject({ code: 1, error: "ARCHLOOM_URL is not a URL: nonsense\n" });
  });
});

describe("--help", () => {
  test("of all, and of a noun, lists the commands", async () => {
    const all = await run("--help");
    for (const { name } of commands) expect(all.out).toContain(name);
    expect(await run("")).toEqual(all);
    expect((await run("run --help")).out).not.toContain("worker list");
  });

  test.each(commands.map(({ name }) => name))("of %s explains every option", async (name) => {
    const { code, out } = await run(`${name} --help`);
    expect(code).toBe(0);
    const options = commands.find((command) => command.name === name)?.options ?? {};
    for (const option of Object.keys(options)) expect(out).toMatch(new RegExp(`--${option}\\b.*\\s{2,}\\S`));
  });
});

const startProgram = (...args: string[]) =>
  spawn("node", ["--import", "tsx", "server/cli/main.ts", ...args], { env: { ...process.env, ARCHLOOM_URL: server.url } });

const finish = (child: ReturnType<typeof startProgram>) =>
  new Promise<Omit<Outcome, "code"> & { code: number | null }>((resolve) => {
    const text = { out: "", error: "" };
    child.stdout.on("data", (part) => (text.out += String(part)));
    child.stderr.on("data", (part) => (text.error += String(part)));
    child.on("close", (code) => resolve({ code, ...text }));
  });

test("as a program it prints the result alone, and passes Ctrl-C on", async () => {
  const { id } = await web.call.run.start({ preset: "quick" });
  const shown = await finish(startProgram("run", "show", id, "--json"));
  expect({ code: shown.code, error: shown.error }).toEqual({ code: 0, error: "" });
  expect(JSON.parse(shown.out)).toMatchObject({ id });
  const waiting = startProgram("run", "show", id, "--wait");
  setTimeout(() => waiting.kill("SIGINT"), 4_000);
  expect(await finish(waiting)).toMatchObject({ code: 1, out: "", error: expect.stringContaining(`${id} goes on`) as string });
});
