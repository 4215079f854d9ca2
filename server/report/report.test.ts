import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { runCommandLine } from "../cli/run-command-line";
import { poolRates } from "../contract/statistics";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";
import { type ScriptedWorker, startScriptedWorker } from "../test/scripted-worker";
import { serve, type TestServer } from "../test/serve";
import { composeReport } from "./compose";
import { toHtml } from "./to-html";
import { toMarkdown } from "./to-markdown";
import type { Report } from "./views";

/** What a person or a model may write where the report repeats it. */
const hostile = `</title><script>alert(1)</script> "quoted" 'a' & | \`code\` **b** [l](javascript:x) <img src=x onerror=y>`;

const database = useTestDatabase();
const web = useCaller(database);
let worker: ScriptedWorker;
let server: TestServer;
let sql: postgres.Sql;
let home = "";
let failing = false;

beforeAll(async () => {
  sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  worker = await startScriptedWorker(database.url, {
    judge: ({ cycle, index }) => (failing || index < 3 - cycle ? { outcome: "parse_error", errorType: "SyntaxError" } : { outcome: "ok", accuracy: (index + cycle) / 16, jaccard: index === 11 ? 0.9 : 0.5 }),
  });
  server = await serve(() => web.context);
  home = mkdtempSync(join(tmpdir(), "archloom-report-"));
});
afterAll(async () => {
  await server.close();
  await worker.close();
  await sql.end();
  rmSync(home, { recursive: true });
});

async function start(set: Record<string, unknown> = {}, name = "one"): Promise<string> {
  const { id } = await web.call.run.start({ preset: "quick", name, set: { candidates_per_cycle: 12, ...set } });
  return id;
}

const getReport = (run: string): Promise<Report> => web.call.report.get({ run });

describe("the report of a finished run", () => {
  let run = "";
  let report: Report;
  beforeAll(async () => {
    run = await start({ cycles: 4 });
    await worker.work();
    report = await getReport(run);
  });

  test("says what the screens say: first, last, stable and peak come from the same cycles", async () => {
    const { cycles, winners } = await web.call.run.get({ id: run });
    const { results } = report;
    expect(report.standing).toBeNull();
    expect(results).toMatchObject({ first_cycle: 0, last_cycle: 3, judged_cycles: 4 });
    expect(results.valid_rate).toMatchObject({ first: cycles[0]?.valid_rate, last: cycles[3]?.valid_rate, stable_from: 2, peak: { cycle: 3, rate: cycles[3]?.valid_rate } });
    expect(results.valid_rate.stable).toEqual(poolRates([cycles[2]?.valid_rate ?? null, cycles[3]?.valid_rate ?? null]));
    expect(results.accuracy_mean).toMatchObject({ first: cycles[0]?.accuracy_mean, last: cycles[3]?.accuracy_mean });
    expect(results.winners.map((one) => one.winners)).toEqual(cycles.map((cycle) => cycle.winners));
    expect(results.winners.at(-1)?.total).toBe(winners);
  });

  test("says what it took, for each valid program and each winner, and on what", () => {
    const { cost, run: summary, workers, evaluations } = report;
    expect(cost).toMatchObject({ tokens_written: 480, tokens_trained: 300, finetune_seconds: 4.5, evaluate_seconds: 12 });
    expect(cost.seconds_per_winner).toBeCloseTo(cost.work_seconds / summary.winners, 12);
    expect(workers).toEqual([{ name: "scripted", device: "cpu", slots: 2, protection_level: "full", versions: { torch: "0" }, batches: 12, evaluations: 48, fine_tunings: 3 }]);
    expect(evaluations).toEqual([{ device: null, protection_level: "full", count: 48 }]);
  });

  test("shows the paper's figures beside its own where the data are CIFAR-10, and says why elsewhere", async () => {
    const digits = toMarkdown(await web.call.report.page({ run }));
    expect(digits).toContain("This run was evaluated under digits, so they would say nothing beside these and are not shown.");
    expect(digits).not.toMatch(/28\.06|455/);
    await sql`update run set config = jsonb_set(config, '{recipe}', '"cifar10-paper"') where id = ${run.slice(1)}`;
    const cifar = toMarkdown(await web.call.report.page({ run }));
    await sql`update run set config = jsonb_set(config, '{recipe}', '"digits"') where id = ${run.slice(1)}`;
    for (const figure of ["44.0 %", "50.6 %", "74.5 %", "28.06 %", "50.99 %", "2.04 %", "96.81 %", "455 in 22 cycles"]) expect(cifar).toContain(figure);
  });

  test("holds the transfers of its winners", async () => {
    await web.call.transfer.start({ run, recipe: "svhn", limit: 5 });
    await worker.work();
    const page = await web.call.report.page({ run });
    const chart = page.sections.find(({ id }) => id === "transfer")?.blocks.find((block) => block.kind === "chart");
    expect(chart).toMatchObject({ title: "digits to svhn", summary: expect.stringMatching(/^5 winners: 5 valid under both/) as string });
    expect((await getReport(run)).cost).toEqual(report.cost);
  });
});

describe("a report of less", () => {
  test("of a run that is under way says so first, and leaves what is not judged out of the results", async () => {
    const run = await start({ cycles: 3 });
    while ((await web.call.run.get({ id: run })).cycle === 0) await worker.step();
    await worker.step(["generate"]);
    await worker.step(["evaluate"]);
    const report = await getReport(run);
    expect(report.standing).toMatch(/^R\d+ is running, in cycle 1: .* 1 of 3 planned cycles is judged/);
    expect(report.results).toMatchObject({ last_cycle: 0, judged_cycles: 1, valid_rate: { change: null, stable: null } });
    expect(toMarkdown(composeReport(report))).toMatch(/^# .*\n\n> \*\*Read first\.\*\* R\d+ is running/);
    await web.call.run.cancel({ id: run });
    expect((await getReport(run)).standing).toMatch(/was cancelled in cycle 1/);
  });

  test("of a run without a single valid program divides by nothing", async () => {
    failing = true;
    const run = await start({ cycles: 2, fine_tuning: false });
    await worker.work();
    failing = false;
    const report = await getReport(run);
    expect(report).toMatchObject({ best: [], cost: { seconds_per_valid: null, tokens_per_winner: null }, results: { valid_rate: { last: { value: 0, n: 12 } }, accuracy_mean: { last: null } } });
    const text = toMarkdown(composeReport(report));
    expect(text).toContain("there is none yet");
    expect(text).toContain("No program of a judged cycle was valid.");
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  });

  test("of one that no worker has taken is a report all the same; of none there is none", async () => {
    const run = await start();
    const text = toMarkdown(await web.call.report.page({ run }));
    expect(text).toContain("waiting for a worker");
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
    await web.call.run.cancel({ id: run });
    await expect(getReport("R999")).rejects.toThrow("There is no run R999.");
  });
});

const ask = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}/api/reports/${path}`, { headers });

describe("as a file", () => {
  let run = "";
  let html = "";
  let markdown = "";
  beforeAll(async () => {
    run = await start({ "prompt.novelty_wishes": `${hostile}\n\`\`\`\n# not a heading` }, hostile);
    await worker.work();
    await sql`update candidate set code = ${`print("""</code></pre><script>x</script>""")\n\`\`\`\`\n`} where run_id = ${run.slice(1)}`;
    await sql`update run set state = 'failed', error = ${hostile} where id = ${run.slice(1)}`;
    await sql`select append_event(${run.slice(1)}, 'notice', ${sql.json({ message: `${hostile}\nsecond line` })})`;
    const page = await web.call.report.page({ run });
    html = toHtml(page);
    markdown = toMarkdown(page);
  });

  test("HTML is well-formed, whatever people and models have written", () => {
    const open: string[] = [];
    const misnested: string[] = [];
    const tags = [...html.replace("<!doctype html>", "").matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<]*")?)*)\s*(\/?)>/g)];
    for (const [tag, close, name = "", , selfClosing] of tags) {
      if (close === "/" && open.pop() !== name) misnested.push(tag);
      else if (close !== "/" && selfClosing !== "/") open.push(name);
    }
    expect({ open, misnested }).toEqual({ open: [], misnested: [] });
    // Every angle bracket belongs to one of these tags.
    expect(html.match(/</g)?.length).toBe(tags.length + 1);
    expect(tags.some(([, , name]) => name === "script" || name === "img")).toBe(false);
    expect(html).toContain("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot;quoted&quot;");
  });

  test("HTML refers to nothing outside itself, and its policy would forbid it", () => {
    expect([...html.matchAll(/\s(?:src|href|action|data|poster|srcset)="([^"]*)"/g)].map(([, target]) => target).filter((target) => target?.startsWith("#") !== true)).toEqual([]);
    expect(html).not.toMatch(/@import|url\(|<link|<iframe|<object|<base/i);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test("each picture has its sentence and its figures as a table", () => {
    const charts = html.match(/<figure class="chart">[\s\S]*?<\/figure>/g) ?? [];
    expect(charts.length).toBe(6);
    for (const chart of charts) {
      expect(chart).toMatch(/<svg [^>]*role="img" aria-label="[^"]{20,}"/);
      expect(chart).toMatch(/<p class="summary">[^<]+<\/p>/);
      expect(chart).toMatch(/<tbody><tr>/);
      expect(chart).not.toMatch(/NaN|undefined/);
    }
  });

  test("Markdown tables have as many cells in each line, and nothing written by others is markup", () => {
    const outside = markdown.replaceAll(/^(`{3,})[a-z]*\n[\s\S]*?^\1$/gm, "");
    const tables = outside.match(/(?:^\|.*\|\n)+/gm) ?? [];
    expect(tables.length).toBeGreaterThan(8);
    const uneven = tables.filter((table) => new Set(table.trimEnd().split("\n").map((line) => line.match(/(?<!\\)\|/g)?.length)).size !== 1);
    expect(uneven).toEqual([]);
    // Tags of our own alone; headings of our own alone.
    expect(new Set([...outside.matchAll(/(?<!\\)<\/?[a-z]+/g)].map(([tag]) => tag))).toEqual(new Set(["<details", "<summary", "</summary", "</details"]));
    expect([...outside.matchAll(/^#+ .*/gm)].filter(([line]) => line.includes("not a heading"))).toEqual([]);
    expect(outside).not.toMatch(/(?<!\\)`|(?<!\\)\[/);
  });

  test("is sent to be saved, and only to this instance's own pages", async () => {
    const sent = await ask(`${run}?format=html`);
    expect(sent.headers.get("content-disposition")).toContain(`${run}-report.html`);
    expect((await sent.text()).startsWith("<!doctype html>")).toBe(true);
    expect((await (await ask(`${run}?format=json`)).json()) as Report).toMatchObject({ format: "archloom-report-1", run: { id: run } });
    expect((await ask(run, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect(await Promise.all(["R999", "nonsense", `${run}?format=pdf`].map(async (path) => (await ask(path)).status))).toEqual([404, 404, 400]);
  });

  test("is written from the terminal, beside the person", async () => {
    const command = async (...args: string[]) => {
      const text = { out: "", error: "" };
      const io = {
        env: { NODE_ENV: "test" as const, ARCHLOOM_URL: server.url, INIT_CWD: home },
        write: (part: string) => void (text.out += part),
        writeError: (part: string) => void (text.error += part),
        isTerminal: false,
        signal: new AbortController().signal,
        sleep: () => worker.step().then(() => undefined),
      };
      return { code: await runCommandLine(args, io), ...text };
    };
    expect(await command("report", run, "--out", "r.md")).toEqual({ code: 0, out: "", error: "" });
    expect(readFileSync(join(home, "r.md"), "utf8").startsWith("# R")).toBe(true);
    expect((await command("report", run)).out.startsWith("<!doctype html>")).toBe(true);
    expect(await command("report", run, "--format", "pdf")).toMatchObject({ code: 1, error: '--format takes html, markdown, json, not "pdf".\n' });
    expect(await command("report", "R999")).toMatchObject({ code: 1, error: "There is no run R999.\n" });
    expect((await command("report", "--help")).out).toContain("report <run>");

    expect(await command("run", "transfer", run)).toMatchObject({ code: 1, error: expect.stringMatching(/^--recipe is missing/) as string });
    expect((await command("run", "transfer", run, "--recipe", "svhn", "--best", "2")).out).toBe(`${run}: 2 evaluations queued under svhn\n`);
    const waited = await command("run", "transfer", run, "--recipe", "svhn", "--best", "3", "--wait");
    expect(waited.code).toBe(0);
    expect(waited.out).toMatch(/^transfer +R\d+, digits to svhn\nwinners +3: 3 valid under both, 0 failed\nshift +\+0\.0 points \[/);
  });
});
