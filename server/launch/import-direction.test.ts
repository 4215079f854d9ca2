import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { projectFolder } from "./paths.mjs";

const folder = mkdtempSync(join(tmpdir(), "direction-"));
copyFileSync(join(projectFolder, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lints one line of code as if it stood in `file` of this project; returns whether the direction of imports is the complaint. */
function isRefused(file: string, code: string): boolean {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${code}\n`);
  const oxlint = join(projectFolder, "node_modules", ".bin", "oxlint");
  const { stdout } = spawnSync(oxlint, ["--format=json", file], { cwd: folder, encoding: "utf8" });
  rmSync(path);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
  return diagnostics.some(({ code: rule }) => rule.includes("no-restricted-imports"));
}

test.each([
  ["components/run/table.tsx", 'export { startRun } from "../../server/run/start";'],
  ["components/run/table.tsx", 'import { startRun } from "@/server/run/start"; startRun();'],
  ["components/run/table.tsx", 'import { run } from "../../drizzle/schema"; console.log(run);'],
  ["components/run/table.tsx", 'const module = await import("../../server/run/start"); console.log(module);'],
  ["components/run/table.tsx", 'export { Page } from "../../app/runs/page";'],
  ["app/runs/page.tsx", 'export { startRun } from "../../server/run/start";'],
  ["app/api/files/route.ts", 'export { storeFile } from "@/server/file/store";'],
  ["app/runs/[run]/page.tsx", 'export { run } from "../../../drizzle/schema";'],
  ["server/run/start.ts", 'export { RunTable } from "../../components/run/run-table";'],
  ["server/run/start.ts", 'export type { Page } from "@/app/runs/page";'],
  ["server/contract/words.ts", 'export { startRun } from "../run/start";'],
  ["server/contract/statistics/mean.ts", 'export { startRun } from "../../run/start";'],
  ["drizzle/schema/run.ts", 'export { startRun } from "../../server/run/start";'],
  ["server/launch/start.mjs", 'export { sql } from "drizzle-orm";'],
])("in %s it is refused: %s", (file, code) => {
  expect(isRefused(file, code)).toBe(true);
});

test.each([
  ["components/run/table.tsx", 'export { toRunId } from "../../server/contract/ids";'],
  ["components/run/table.tsx", 'export type { RunSummary } from "../../server/run/views";'],
  ["components/run/table.tsx", 'export { initTRPC } from "@trpc/server/unstable-core";'],
  ["app/runs/page.tsx", 'export { createCaller } from "../../server/trpc/router";'],
  ["app/api/files/route.ts", 'export { handleFileRequest } from "@/server/file/handle";'],
  ["app/runs/page.tsx", 'export { RunTable } from "../../components/run/run-table";'],
  ["server/run/start.ts", 'export { run } from "../../drizzle/schema";'],
  ["server/contract/statistics/mean.ts", 'export { words } from "../words";'],
  ["drizzle/schema/run.ts", 'export { runStates } from "../../server/contract/words";'],
  ["server/launch/start.mjs", 'export { join } from "node:path"; export { main } from "./main.mjs";'],
])("in %s it is welcome: %s", (file, code) => {
  expect(isRefused(file, code)).toBe(false);
});
