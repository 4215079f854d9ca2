import { defineConfig } from "@playwright/test";
import { prepareChromium } from "./fixtures/chromium";

const chromium = await prepareChromium();

export default defineConfig({
  testDir: "./specs",
  outputDir: "../test-results",
  // Every worker starts an instance with a learning loop of its own; two cores carry one.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium.executablePath,
      // The browser's own sandbox needs rights that containers and root lack; it shows only our own pages.
      args: ["--no-sandbox"],
      env: { ...process.env, ...chromium.env },
    },
  },
});
