import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { storeFile } from "../file/store";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { type ScriptedTask, type ScriptedWorker, startScriptedWorker } from "../test/scripted-worker";
import { serve, type TestServer } from "../test/serve";
import type { CommandIo } from "./io";
import { surveyFolder } from "./pack-folder";
import { runCommandLine } from "./run-command-line";

const database = useTestDatabase();
const web = useCaller(database);
let worker: ScriptedWorker;
let server: TestServer;
let sql: postgres.Sql;
let home = "";

beforeAll(async () => {
  worker = await startScriptedWorker(database.url);
  server = await serve(() => web.context);
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  home = mkdtempSync(join(tmpdir(), "archloom-corpus-"));
  writeFileSync(join(home, "pairs.jsonl"), '{"messages": []}\n'.repeat(3));
});
afterAll(async () => {
  await server.close();
  await worker.close();
  await sql.end();
  rmSync(home, { recursive: true });
});

interface Session extends CommandIo {
  interrupt: () => void;
}

async function run(line: string, change: (io: Session) => void = () => {}) {
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
  return { code: await runCommandLine(line.split(" "), io), ...text };
}

/** The next task, as soon as the command has asked for it. */
async function nextTask(): Promise<ScriptedTask> {
  for (;;) {
    const task = await worker.beginTask().catch(() => null);
    if (task !== null) return task;
    await new Promise((later) => setTimeout(later, 20));
  }
}

async function decide(task: ScriptedTask): Promise<void> {
  await sql`insert into corpus_finding (task_id, position, locator, name, verdict, reason) values
    (${task.id}, 0, 'pairs.jsonl line 1', 'a', 'accepted', null), (${task.id}, 1, 'pairs.jsonl line 2', 'b', 'duplicate', 'is a copy of line 1'),
    (${task.id}, 2, 'pairs.jsonl line 3', null, 'rejected', 'holds no code')`;
  await task.finish({ source: "pairs.jsonl", entries: 3, accepted: 1, duplicates: 1, rejected: 1 });
}

async function make(task: ScriptedTask): Promise<void> {
  const version = String(task.args["version"]);
  await sql`insert into corpus (version, description, entries, sha256) values (${version}, ${String(task.args["description"])}, 1, 'x')`;
  await sql`insert into corpus_entry (corpus_version, position, code, name, family) values (${version}, 0, 'class Net: pass', 'a', 'a')`;
  await task.finish({ version, entries: 1 });
}

const readUpload = async (task: ScriptedTask) => {
  const { file } = task.args["source"] as { file: number };
  const [row] = await sql<{ name: string; data: Buffer }[]>`select name, string_agg(data, '' order by part) as data
    from stored_file join stored_file_part on id = file_id where id = ${file} group by name`;
  return row ?? { name: "", data: Buffer.alloc(0) };
};

describe("corpus import", () => {
  test("sends a file as it is, prints what the check found, then what was made", async () => {
    const importing = run("corpus import pairs.jsonl --version lemur --recipe cifar10 --description real");
    const check = await nextTask();
    expect(await readUpload(check)).toEqual({ name: "pairs.jsonl", data: readFileSync(join(home, "pairs.jsonl")) });
    expect(check.args).toMatchObject({ recipe: "cifar10", base_version: null });
    await decide(check);
    await make(await nextTask());
    const { code, out, error } = await importing;
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toMatch(/^entries +3\naccepted +1\nduplicates +1\nrejected +1$/m);
    expect(out).toMatch(/^rejected +name +reason\npairs\.jsonl line 3 +- +holds no code$/m);
    expect(out).toMatch(/^duplicate +name +reason\npairs\.jsonl line 2 +b +is a copy of line 1$/m);
    expect(out).toMatch(/^corpus +lemur$/m);
  });

  test("--dry-run imports nothing; what it checked can be imported later", async () => {
    const trying = run("corpus import nn-dataset --dry-run --base lemur --json");
    await decide(await nextTask());
    const { out, code } = await trying;
    expect(code).toBe(0);
    const view = JSON.parse(out) as { task: { id: string }; findings: { verdict: string }[] };
    expect(view).toMatchObject({ base_version: "lemur", counts: { accepted: 1 }, import: null });
    expect(view.findings.map((finding) => finding.verdict)).toEqual(["rejected", "duplicate"]);
    const importing = run(`corpus import ${view.task.id} --version later --json`);
    const task = await nextTask();
    expect(task.args).toMatchObject({ check: Number(view.task.id.slice(1)), base_version: "lemur" });
    await make(task);
    expect(JSON.parse((await importing).out)).toMatchObject({ check: view.task.id, corpus: { version: "later", entries: 1 } });
  });

  test("packs a folder as it sends it: without links, hidden files and what is no network", async () => {
    const folder = join(home, "nets");
    mkdirSync(join(folder, "stat", "img-classification_cifar-10_acc_A"), { recursive: true });
    mkdirSync(join(folder, ".git"));
    writeFileSync(join(folder, "A.py"), "class Net: pass\n".repeat(1000));
    writeFileSync(join(folder, "ü 🙂.py"), "x");
    writeFileSync(join(folder, "stat", "img-classification_cifar-10_acc_A", "1.json"), "[]");
    writeFileSync(join(folder, ".git", "config.json"), "{}");
    writeFileSync(join(folder, "weights.pth"), "x");
    writeFileSync(join(folder, "a\\..\\..\\b.py"), "x");
    symlinkSync("/etc/passwd", join(folder, "leak.py"));
    symlinkSync(home, join(folder, "loop"));
    const socket = createServer().listen(join(folder, "socket.py"));
    const trying = run("corpus check nets", (io) => {
      io.isTerminal = true;
    });
    const task = await nextTask();
    const { name, data } = await readUpload(task);
    await decide(task);
    const { code, error } = await trying;
    socket.close();
    expect(code).toBe(0);
    expect(error).toContain("nets: 5 links and other files are not sent\n");
    expect(error).toContain("sending nets: ");
    expect(name).toBe("nets.zip");
    writeFileSync(join(home, name), data);
    const listing = spawnSync("python3", ["-c", "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print('\\n'.join(z.namelist())); print(len(z.read('A.py')))", join(home, name)], { encoding: "utf8" });
    expect(listing.stdout.trim().split("\n")).toEqual(["A.py", "stat/img-classification_cifar-10_acc_A/1.json", "ü 🙂.py", "16000"]);
  });

  test("interrupted while the worker checks, cancels the check", async () => {
    const importing = run("corpus import pairs.jsonl --version gone", (io) => void nextTask().then(() => io.interrupt()));
    const { code, out, error } = await importing;
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(error).toMatch(/^Interrupted: T\d+ is cancelled; nothing of it is kept\.\n$/);
    expect((await web.call.task.list())[0]).toMatchObject({ kind: "check_corpus", cancelling: true });
  });

  test("interrupted while it sends, leaves no file", async () => {
    writeFileSync(join(home, "large.jsonl"), "");
    truncateSync(join(home, "large.jsonl"), 64 * 2 ** 20);
    const before = (await sql`select from stored_file`).length;
    const { code, error } = await run("corpus check large.jsonl", (io) => {
      io.isTerminal = true;
      const write = io.writeError;
      io.writeError = (part) => {
        write(part);
        if (part.includes("sending")) io.interrupt();
      };
    });
    expect(code).toBe(1);
    expect(error).toContain("Interrupted: nothing of it is kept.\n");
    await expect.poll(async () => (await sql`select from stored_file`).length, { timeout: 15_000 }).toBe(before);
  });

  test("says what the worker said when the source cannot be read", async () => {
    const trying = run("corpus check pairs.jsonl");
    await (await nextTask()).fail("pairs.jsonl is a damaged zip archive.");
    expect(await trying).toEqual({ code: 1, out: "", error: "pairs.jsonl is a damaged zip archive.\n" });
  });

  test("refuses a file of two gigabytes before it is sent", async () => {
    writeFileSync(join(home, "huge.zip"), "");
    truncateSync(join(home, "huge.zip"), 2 * 2 ** 30);
    expect(await run("corpus check huge.zip")).toEqual({ code: 1, out: "", error: "A file may have at most 1 GiB. Pack it as .zip or .tar.gz, or send it in several files.\n" });
  });

  test.each([
    ["corpus import pairs.jsonl", /^--version is missing: name the new corpus, e\.g\. --version lemur, or try it with --dry-run\.$/],
    ["corpus import pairs.jsonl --version lemur", /^version: lemur exists already\. Choose another name\.$/],
    ["corpus import T999 --version x", /^There is no task T999\.$/],
    ["corpus import T1 --version x --base later", /^--base was decided when T1 was made: leave it out, or check the source again\.$/],
    ["corpus check no-such-file", /^There is no file or folder no-such-file\. A source is a path, nn-dataset, or a run such as R3\.$/],
    ["corpus check R999", /^There is no run R999\.$/],
    ["corpus check nets/stat/nothing", /^There is no file or folder/],
    ["corpus check pairs.jsonl --base none", /^base_version: There is no corpus none \(there are: later, lemur\)\.$/],
    ["corpus check", /^source is missing/],
    ["corpus delete none", /^There is no corpus none\.$/],
    ["corpus show none", /^There is no corpus none\.$/],
    ["corpus export lemur --format zip", /^--format takes lemur, chat_jsonl, hugging_face, not "zip"\.$/],
    ["corpus export lemur --which valid", /^--which is for runs/],
    ["corpus export R1 --which all", /^--which takes winners, valid, not "all"\.$/],
  ])("%s is one sentence", async (line, sentence) => {
    const { code, out, error } = await run(line);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(error.trimEnd()).toMatch(sentence);
  });

  test("an empty folder is refused", async () => {
    mkdirSync(join(home, "empty"));
    expect((await run("corpus check empty")).error).toBe("empty holds no .py, .json or .jsonl file.\n");
    expect((await surveyFolder(join(home, "empty"))).files).toEqual([]);
  });
});

async function* packed() {
  yield Buffer.from("packed");
}

async function finish(task: ScriptedTask, name: string): Promise<void> {
  const { id } = await storeFile(web.context.db, name, packed());
  await task.finish({ file: Number(id.slice(1)), name, bytes: 6, networks: 2 });
}

describe("corpus export", () => {
  test("writes the file under its own name, and never over one that is there", async () => {
    const first = run("corpus export lemur --format chat_jsonl");
    const task = await nextTask();
    expect(task.args).toEqual({ source: { type: "corpus", version: "lemur" }, format: "chat_jsonl" });
    await finish(task, "lemur.jsonl");
    expect(await first).toEqual({ code: 0, out: `${join(home, "lemur.jsonl")}: 2 networks, 6 B\n`, error: "" });
    expect(readFileSync(join(home, "lemur.jsonl"), "utf8")).toBe("packed");
    writeFileSync(join(home, "lemur.jsonl"), "mine");
    const second = run("corpus export lemur");
    await finish(await nextTask(), "lemur.jsonl");
    expect(await second).toMatchObject({ code: 1, error: expect.stringContaining("cannot be written") as string });
    expect(readFileSync(join(home, "lemur.jsonl"), "utf8")).toBe("mine");
  });

  test("writes where it is told", async () => {
    const third = run("corpus export lemur --out out.zip --json");
    await finish(await nextTask(), "lemur.zip");
    expect(JSON.parse((await third).out)).toEqual({ file: expect.any(Number) as number, name: "lemur.zip", bytes: 6, networks: 2, path: join(home, "out.zip") });
    const lost = run("corpus export lemur --out no/such/place.zip");
    await finish(await nextTask(), "lemur.zip");
    expect((await lost).error).toMatch(/cannot be written/);
    expect(readdirSync(home)).not.toContain("no");
  });
});

test("corpus list, show and delete", async () => {
  const listed = await run("corpus list");
  expect(listed.out).toMatch(/^version +state +entries +train +validation +test +families +with accuracy +base +runs +description$/m);
  expect(listed.out).toMatch(/^lemur +ready +1 +1 +0 +0 +1 +0 +- +0 +real$/m);
  expect((await run("corpus show lemur")).out).toMatch(/^splits +train 1, validation 0, test 0$/m);
  expect(await run("corpus delete lemur")).toEqual({ code: 0, out: "lemur is deleted\n", error: "" });
});
