import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject, expect, test } from "vitest";
import { checkDatabase, ensurePassword } from "./database.mjs";
import { findFreePort } from "./port.mjs";

function change(edit: (url: URL) => void) {
  const url = new URL(inject("testDatabaseUrl"));
  edit(url);
  return url.href;
}

test("a database that serves is named by its version", async () => {
  expect(await checkDatabase(inject("testDatabaseUrl"))).toMatch(/^18\./);
});

test("each way in which DATABASE_URL can be wrong has its own sentence, without the password in it", async () => {
  const free = await findFreePort();
  const cases: [string, RegExp][] = [
    [change((url) => (url.password = "s3cret")), /refuses the user or password/],
    [change((url) => (url.pathname = "/nowhere")), /does not exist: create it/],
    [change((url) => (url.port = String(free))), /cannot be reached/],
    ["mysql://me:s3cret@host/db", /not of the form postgresql:/],
    ["s3cret", /not of the form postgresql:/],
  ];
  for (const [url, sentence] of cases) {
    const error = await checkDatabase(url).catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toMatch(sentence);
    expect(String(error)).not.toContain("s3cret");
  }
});

test("the password of a home stays the same, and is nobody else's to read", () => {
  const folder = mkdtempSync(join(tmpdir(), "password-"));
  const file = join(folder, "database.password");
  const password = ensurePassword(file);
  expect(password.length).toBeGreaterThanOrEqual(32);
  expect(ensurePassword(file)).toBe(password);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  rmSync(folder, { recursive: true });
});
