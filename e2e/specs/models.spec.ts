import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { promisify } from "node:util";

import { projectFolder, venvPython, workerFolder } from "../../server/launch/paths.mjs";
import { expect, test } from "../fixtures/test";

/**
 * Models of another architecture than the starter's, through the whole product: a GPT-2 from a local folder that is
 * fine-tuned, and the same one behind a real OpenAI-compatible server, asked as a chat.
 */
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "archloom-model-"));
const model = join(folder, "gpt2");
let server: ChildProcess;
let serverUrl = "";

const small = ["seed=3", "candidates_per_cycle=6", "generation.batch_size=6", "generation.temperature=0.2", "generation.max_new_tokens=160"];
const lenient = ["novelty.filter=false", "selection.threshold=0", "selection.quantile=0", "lora.max_steps=4"];

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const script = join(workerFolder, "tests", "support_taught_model.py");
  server = spawn(venvPython, [script, model, "--serve"], { cwd: projectFolder, stdio: ["pipe", "pipe", "inherit"] });
  if (!server.stdout) throw new Error("the server has no output to read");
  for await (const line of createInterface(server.stdout)) {
    serverUrl = line;
    break;
  }
  if (!serverUrl.startsWith("http")) throw new Error(`the model server did not start: ${serverUrl}`);
});
test.afterAll(() => {
  server.stdin?.end();
  rmSync(folder, { recursive: true, force: true });
});

async function archloom(url: string, ...args: string[]): Promise<string> {
  const command = [join(projectFolder, "server/cli/main.ts"), ...args];
  const tsx = join(projectFolder, "node_modules/.bin/tsx");
  return (await run(tsx, command, { cwd: projectFolder, env: { ...process.env, ARCHLOOM_URL: url } })).stdout;
}

const toOptions = (settings: readonly string[]) => settings.flatMap((setting) => ["--set", setting]);

test("a local GPT-2 writes, is fine-tuned and writes again", async ({ instance, page }) => {
  test.setTimeout(240_000);
  const settings = [`model=${model}`, 'lora.target_modules=["all-linear"]', ...small, ...lenient];
  const shown = await archloom(instance.url, "run", "start", "--preset", "quick", "--wait", "--json", ...toOptions(settings));
  const result = JSON.parse(shown) as { id: string; state: string; cycles: { valid: number; has_adapter: boolean }[] };
  expect(result.state).toBe("finished");
  expect(result.cycles.map((cycle) => cycle.has_adapter)).toEqual([false, true]);
  expect(result.cycles[0]?.valid).toBeGreaterThan(0);
  await page.goto(`/candidates/${result.id}.1.000`);
  await expect(page.getByText(model).first()).toBeVisible();
});

test("the same model behind an OpenAI-compatible server answers a chat", async ({ instance }) => {
  test.setTimeout(240_000);
  const template = join(folder, "question.txt");
  writeFileSync(template, "?");
  await archloom(instance.url, "prompt", "save", "question", template, "--kind", "chat");
  const settings = ["backend=server", `server_url=${serverUrl}`, `model=${model}`, "prompt.template=question@1", "fine_tuning=false"];
  const shown = await archloom(instance.url, "run", "start", "--preset", "quick", "--wait", "--json", ...toOptions([...settings, ...small]));
  const result = JSON.parse(shown) as { id: string; state: string; cycles: { generated: number; parsed: number }[] };
  expect(result.state).toBe("finished");
  expect(result.cycles.map((cycle) => cycle.generated)).toEqual([6, 6]);
  expect(result.cycles[0]?.parsed).toBeGreaterThan(0);
});
