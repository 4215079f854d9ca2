import { expectAccessible } from "../fixtures/accessibility";
import { expect, test } from "../fixtures/test";

/** The whole of Archloom once, with the real worker: through the form, live, into the charts, and a program again. */
test("a quick run from the form: code arrives, charts fill, a re-run shows its difference", async ({ page }) => {
  test.setTimeout(420_000);
  await page.goto("/runs");
  await page.getByRole("radio", { name: /quick/ }).click();
  await expect(page.getByText(/^About /)).toBeVisible();
  await page.getByLabel("Seed", { exact: true }).fill("11");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page).toHaveURL(/\/runs\/R\d+/);

  await test.step("programs are seen while they are written", async () => {
    const wall = page.getByRole("region", { name: "Programs of this cycle" });
    await expect(wall.getByRole("button", { name: /^Program \d+:/ }).first()).toBeVisible({ timeout: 180_000 });
    await expect(wall.locator(".view-lines")).toContainText("import torch", { timeout: 60_000 });
  });

  await test.step("a reload in mid-run goes on where it was", async () => {
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  });

  await test.step("the run ends and its charts are full", async () => {
    await expect(page).toHaveTitle(/finished/, { timeout: 300_000 });
    for (const chart of [/Valid rate/, /Mean accuracy/, /Novel among valid/]) {
      await expect(page.locator("figure, section").filter({ hasText: chart }).locator("svg.recharts-surface").first()).toBeVisible();
    }
  });

  await test.step("the run and its programs fit, in both themes and on a phone", async () => {
    const run = new URL(page.url()).pathname;
    const candidate = `/candidates/${run.split("/").at(-1)}.0.000`;
    for (const path of [run, candidate, `${run}/report`]) {
      for (const [width, colorScheme] of [[1440, "dark"], [1440, "light"], [390, "dark"], [390, "light"]] as const) {
        await page.setViewportSize({ width, height: 844 });
        await page.emulateMedia({ colorScheme });
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expect(page.getByRole("status", { name: /Loading/ })).toHaveCount(0);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(overflow, `pixels ${path} is wider than ${width}`).toBe(0);
        await expectAccessible(page);
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(run);
  });

  await test.step("the best program's page", async () => {
    await page.goto(`${page.url().split("?")[0]}?sort=accuracy`);
    await page.getByRole("link", { name: /^R\d+\.\d+\.\d{3}$/ }).first().click();
    await expect(page).toHaveURL(/\/candidates\/R\d+\.\d\.\d{3}/);
    await expect(page.locator(".view-lines").first()).toContainText("class Net");
  });

  await test.step("re-run with the same seed repeats the accuracy", async () => {
    await rerun("Same seed");
    await expect(page.getByRole("region", { name: "Re-run" })).toContainText(/e2/);
    await expect(page.getByRole("region", { name: "Re-run" })).toContainText(/same|no difference|0\.0/i, { timeout: 60_000 });
  });

  await test.step("re-run with a new seed stands beside the original", async () => {
    await rerun("New seed");
    await expect(page.getByRole("region", { name: "Re-run" })).toContainText(/e3/);
    await expect(page.getByRole("region", { name: "Re-run" })).toContainText(/points/, { timeout: 60_000 });
    await page.getByRole("tab", { name: /Evaluations \(3\)/ }).click();
    await expect(page.getByRole("tabpanel").getByRole("row")).toHaveCount(4);
  });

  async function rerun(seed: string) {
    await page.getByRole("button", { name: /^Re-run/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: new RegExp(seed) }).click();
    await dialog.getByRole("button", { name: "Re-run" }).click();
    await expect(dialog).toBeHidden();
  }
});
