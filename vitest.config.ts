import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    include: ["{app,components,drizzle,server}/**/*.test.{ts,tsx}"],
    globalSetup: "server/test/global-setup.ts",
    // A test has as long as a busy two-core machine may need to start a process or clone a database.
    testTimeout: 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
  },
});
