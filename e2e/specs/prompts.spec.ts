import { expectAccessible } from "../fixtures/accessibility";
import { expect, test } from "../fixtures/test";

test("a template is copied, corrected, saved and compared; a preview shows the real model's tokens", async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto("/prompts");
  await page.getByRole("button", { name: "Duplicate instruct" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Mine");
  await expect(dialog.getByText(/looks like my-prompt/)).toBeVisible();
  await dialog.getByLabel("Name").fill("mine");
  await dialog.getByRole("button", { name: "Make it" }).click();
  await expect(page).toHaveURL(/\/prompts\/mine$/);

  await test.step("an unknown field is named with its place, and keeps the text from being saved", async () => {
    const text = page.getByLabel("User message");
    await text.press("Control+Home");
    await text.pressSequentially("For {{shape}} ");
    await expect(page.getByRole("button", { name: /^Save as version/ })).toBeDisabled();
    await page.getByRole("button", { name: "Line 1, column 5" }).click();
    await page.keyboard.press("Delete");
    await page.getByRole("button", { name: /^\{\{classes\}\}/ }).click();
    await expect(text).toHaveValue(/^For \{\{classes\}\} Write/);
  });

  await test.step("what is saved is the next version, beside the one before", async () => {
    await page.getByRole("button", { name: "Save as version 2" }).click();
    await expect(page.getByRole("heading", { name: "mine@2" })).toBeVisible();
    await page.getByRole("button", { name: "Compare mine@1" }).click();
    await expect(page.getByRole("region", { name: "mine@1 against mine@2" }).locator(".view-lines").last()).toContainText("{{classes}} Write");
    await expectAccessible(page);
  });

  await test.step("the tokens are those of the model that runs here", async () => {
    await page.goto("/prompts/starter");
    await page.getByRole("button", { name: "Preview", exact: true }).click();
    await expect(page.getByText(/^3 tokens of a context of 1,024/)).toBeVisible({ timeout: 180_000 });
    await page.getByRole("option", { name: /^Token 1 of 3/ }).press("ArrowRight");
    await expect(page.getByText(/^Token 2 of 3: "import torch\\n", id \d+/)).toBeVisible();
    await page.getByRole("button", { name: "As a list" }).click();
    await expect(page.getByRole("region", { name: "Tokens as a list" }).getByRole("row")).toHaveCount(4);
    await page.setViewportSize({ width: 390, height: 844 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, "pixels the page is wider than the screen").toBe(0);
    await expectAccessible(page);
  });
});
