import { readFile } from "node:fs/promises";
import { expectAccessible } from "../fixtures/accessibility";
import { insertFinishedStudy } from "../fixtures/finished-study";
import { expect, test } from "../fixtures/test";

test("a study from the form: what is wrong is marked, the number of runs is known before, all of them can be cancelled", async ({ page }) => {
  await page.goto("/studies/new?preset=quick");
  const plan = page.getByRole("region", { name: "What will be started" });
  await expect(plan).toContainText("2 arms × 3 seeds, 96 programs");

  await page.getByRole("button", { name: "Start the study" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.getByLabel("Name", { exact: true }).fill("from the form");
  await page.getByLabel("Seeds").fill("4, 4");
  await expect(page.getByText("Must be up to 20 different whole numbers")).toBeVisible();
  await page.getByLabel("Seeds").fill("4-5");
  await page.getByRole("button", { name: "custom" }).click();
  await page.getByLabel("custom: change a field").selectOption("generation.temperature");
  const temperature = page.getByRole("textbox", { name: /^generation\.temperature/ });
  await temperature.fill("9");
  await expect(temperature).toHaveAttribute("aria-invalid", "true");
  await expect(plan).toContainText("Something above is still to be corrected");
  await temperature.fill("1.2");
  await expect(plan).toContainText("3 arms × 2 seeds, 96 programs");
  await expect(plan).toContainText(/About/);

  await page.getByRole("button", { name: "Start the study" }).click();
  await expect(page).toHaveURL(/\/studies\/S\d+$/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("from the form");
  const runs = page.getByRole("region", { name: "Runs by arm and seed" });
  await expect(runs.getByRole("link")).toHaveCount(6);
  await expect(runs).toContainText("generation.temperature=1.2");

  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Cancel the study" }).click();
  await expect(page.getByText("6 runs cancelled")).toBeVisible();
  await runs.getByRole("link").first().click();
  await expect(page.getByText(/arm reference, seed 4 of study S\d+/)).toBeVisible();
});

test("a finished study says what differs, in both themes and on a phone, and can be taken away", async ({ page, instance }) => {
  const id = await insertFinishedStudy(instance, "does it learn");
  await page.goto("/studies");
  await page.getByRole("link", { name: `${id} does it learn` }).first().click();
  await expect(page.getByText(/^In cycle 2, frozen differs from reference in mean accuracy/)).toBeVisible();
  await expect(page.getByRole("row", { name: /mean accuracy .* differs$/ })).toBeVisible();
  await expect(page.locator("svg.recharts-surface")).toHaveCount(4);

  const drawn = page.getByRole("group", { name: "Arms drawn" });
  await drawn.getByRole("button", { name: "frozen" }).click();
  await expect(page).toHaveURL(/hide=1/);
  await page.getByRole("button", { name: "All after cycle 0" }).click();
  await expect(page.getByRole("heading", { name: "Differences in cycles 1 to 2" })).toBeVisible();

  await page.getByRole("button", { name: "More actions" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Export as Markdown" }).click();
  expect(await readFile(await (await download).path(), "utf8")).toContain("## Differences in cycles 1 to 2");

  for (const [path, width, colorScheme] of [[`/studies/${id}`, 1440, "dark"], [`/studies/${id}`, 390, "light"], ["/studies/new", 390, "dark"]] as const) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme });
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("status", { name: /Loading/ })).toHaveCount(0);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, `pixels ${path} is wider than ${width}`).toBe(0);
    await expectAccessible(page);
  }
});
