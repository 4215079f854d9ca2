/**
 * A throw-away PostgreSQL for tests: the embedded one, in a temporary folder, on a free port, with every migration applied to a
 * template database from which each test file (or test) clones its own.
 *
 * As a program it prints `{"url": …}` on one line and serves until its standard input ends; so it cannot outlive the test run
 * that started it, however that one ended.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureDatabase, migrateDatabase, toDatabaseUrl } from "./database.mjs";
import { migrationsFolder } from "./paths.mjs";
import { findFreePort } from "./port.mjs";
import { createDataFolder, startPostgres, stopPostgres, throwAwaySettings } from "./postgres.mjs";
import { describeError } from "./problem.mjs";

/** Environment variable by which a test run hands the server to its runners. */
export const testDatabaseVariable = "ARCHLOOM_TEST_DATABASE_URL";

export const templateDatabase = "archloom_template";
const password = "only-for-tests";

/**
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} `url`: of the server's maintenance database, from which
 *   databases are created as clones of {@link templateDatabase}
 */
export async function startTestDatabase() {
  const folder = mkdtempSync(join(tmpdir(), "archloom-test-database-"));
  // As root the server runs as another account, which has to pass through here.
  chmodSync(folder, 0o711);
  const dataFolder = join(folder, "database");
  createDataFolder(dataFolder, password, { throwAway: true });
  const port = await findFreePort();
  const server = await startPostgres({
    dataFolder,
    port,
    log: join(folder, "database.log"),
    settings: throwAwaySettings,
  });
  const url = toDatabaseUrl(port, password, "postgres");
  const stop = async () => {
    await stopPostgres(server.pid ?? 0, 3_000);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ensureDatabase(url, templateDatabase);
    await migrateDatabase(toDatabaseUrl(port, password, templateDatabase), migrationsFolder);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function serveUntilInputEnds() {
  try {
    const { url, stop } = await startTestDatabase();
    process.stdout.write(`${JSON.stringify({ url })}\n`);
    const end = () => void stop().then(() => process.exit(0));
    process.stdin.on("end", end).resume();
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, end);
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exit(1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await serveUntilInputEnds();
