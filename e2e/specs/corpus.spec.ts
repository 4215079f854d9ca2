import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { projectFolder } from "../../server/launch/paths.mjs";
import { expectAccessible } from "../fixtures/accessibility";
import { expect, test } from "../fixtures/test";

const pairs = join(projectFolder, "..", "shared", "data", "lemur-pairs.jsonl");

/** Real pairs from a file to a corpus and out again, with the real worker and its jail. */
test("a corpus is checked, imported, looked into, exported and deleted", async ({ page }) => {
  test.skip(!existsSync(pairs), "the folder with real pairs is not beside the project");
  test.setTimeout(300_000);
  const lines = readFileSync(pairs, "utf8").trimEnd().split("\n");
  const broken = [...lines.slice(0, 30), '{"messages": [{"role": "user", ', ...lines.slice(30)];

  await test.step("a file with a broken line in the middle is sent and checked, through a reload", async () => {
    await page.goto("/corpus");
    await page.getByRole("link", { name: "Import", exact: true }).click();
    await page.locator("input[type=file]").setInputFiles({ name: "pairs.jsonl", mimeType: "", buffer: Buffer.from(broken.join("\n")) });
    await page.getByRole("button", { name: "Check" }).click();
    await expect(page).toHaveURL(/check=T\d+/);
    await page.reload();
    await expect(page.getByText("Check of pairs.jsonl against digits")).toBeVisible({ timeout: 240_000 });
  });

  await test.step("what is wrong is named with its place, and the rest is kept", async () => {
    await page.getByRole("tab", { name: /Rejected/ }).click();
    await expect(page.getByRole("row", { name: /pairs\.jsonl line 31/ })).toContainText(/JSON/i);
    await page.getByRole("tab", { name: /Duplicates \([1-9]/ }).click();
    await expect(page.getByRole("row", { name: /is the same program as pairs\.jsonl line/ }).first()).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("it becomes a version, with its families whole in their splits", async () => {
    await page.getByLabel("Version").fill("pairs");
    await page.getByRole("button", { name: "Import" }).click();
    await page.getByRole("link", { name: "Open it" }).click({ timeout: 60_000 });
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("pairs");
    await expect(page.getByText(/None of the \d+ families lies in more than one split/)).toBeVisible();
    await page.getByRole("button", { name: "#0" }).click();
    await expect(page.locator(".view-lines").first()).toContainText("import torch");
  });

  for (const [path, width, colorScheme] of [["/corpus", 390, "dark"], ["/corpus/pairs", 390, "light"], ["/corpus/pairs?entry=1", 1440, "dark"]] as const) {
    await test.step(`${path} fits ${width} px and is accessible, ${colorScheme}`, async () => {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme });
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByRole("status", { name: /Loading/ })).toHaveCount(0);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, "pixels the page is wider than the screen").toBe(0);
      await expectAccessible(page);
    });
  }

  await test.step("it is exported as chat rows", async () => {
    await page.getByRole("button", { name: "Export networks" }).click();
    await page.getByRole("menuitem", { name: /Chat rows/ }).click();
    const downloading = page.waitForEvent("download", { timeout: 60_000 });
    await page.getByRole("link", { name: /^Download pairs/ }).click({ timeout: 60_000 });
    expect((await downloading).suggestedFilename()).toMatch(/^pairs.*\.(jsonl|zip)$/);
    await page.keyboard.press("Escape");
  });

  await test.step("it is deleted", async () => {
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete the corpus" }).click();
    await expect(page).toHaveURL(/\/corpus$/);
    await expect(page.getByRole("link", { name: /^pairs/ })).toHaveCount(0);
  });
});
