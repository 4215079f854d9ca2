import { expectAccessible } from "../fixtures/accessibility";
import { expect, test } from "../fixtures/test";

const pages = ["/runs", "/prompts", "/workers"];
const screens = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

for (const path of pages) {
  for (const viewport of screens) {
    for (const colorScheme of ["dark", "light"] as const) {
      test.describe(`${path} at ${viewport.width} px, ${colorScheme}`, () => {
        test.use({ viewport, colorScheme });

        test("opens without an error, fits, and is accessible", async ({ page }) => {
          await page.goto(path);
          await expect(page.getByRole("main")).toBeVisible();
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          expect(overflow, "pixels the page is wider than the screen").toBe(0);
          await expectAccessible(page);
        });
      });
    }
  }
}
