/** One running instance: database, web and worker of one home; how they start, restart, stop, and are recovered. */
import { join } from "node:path";
import { projectVariable } from "./checkout.mjs";
import { endChild, startWeb, startWorker } from "./children.mjs";
import { abortCommands } from "./command.mjs";
import {
  checkDatabase,
  databaseName,
  ensureDatabase,
  ensurePassword,
  migrateDatabase,
  toDatabaseUrl,
} from "./database.mjs";
import { removeInstance, writeInstance } from "./instance.mjs";
import { capLog, readLogEnd } from "./logs.mjs";
import { migrationsFolder, projectFolder } from "./paths.mjs";
import { findFreePort } from "./port.mjs";
import { createDataFolder, endLeftoverPostgres, startPostgres, stopPostgres } from "./postgres.mjs";
import { Problem } from "./problem.mjs";
import { endProcesses, findMarkedProcesses, homeOwner, ownerVariable, sendSignal } from "./processes.mjs";
import { supervise } from "./supervise.mjs";

// Together below the 15 s in which Ctrl-C has to be done.
// The worker gives its own threads 7.5 s to come to a safe point.
const workerGraceMs = 8_000;
const webGraceMs = 3_000;
const databaseGraceMs = 2_500;
const logCheckMs = 60_000;
const firstPageMs = 60_000;

/**
 * @typedef {import('./supervise.mjs').Supervised} Supervised
 * @typedef {'database' | 'web' | 'worker'} Part
 */

/**
 * @param {import('./paths.mjs').HomePaths} paths
 * @param {import('./terminal.mjs').Terminal} terminal
 */
export function createInstance(paths, terminal) {
  const startedAt = new Date().toISOString();
  /** @type {Partial<Record<Part, Supervised>>} */
  const parts = {};
  /** @param {Part} part */
  const log = (part) => join(paths.logs, `${part}.log`);
  const owned = () => findMarkedProcesses(ownerVariable, homeOwner(paths.home));
  let databaseUrl = "";
  let port = 0;
  const url = () => `http://127.0.0.1:${port}`;

  const logKeeper = setInterval(() => {
    for (const part of /** @type {const} */ (["database", "web", "worker"])) capLog(log(part));
  }, logCheckMs);
  logKeeper.unref();

  /** @returns {NodeJS.ProcessEnv} */
  const environment = () => ({
    ...process.env,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    DATABASE_URL: databaseUrl,
    ARCHLOOM_HOME: paths.home,
    ARCHLOOM_URL: url(),
    PORT: String(port),
    [ownerVariable]: homeOwner(paths.home),
    [projectVariable]: projectFolder,
  });

  const record = () => {
    const processes = Object.fromEntries(
      Object.entries(parts).map(([part, supervised]) => [part, supervised.child()?.pid ?? null]),
    );
    writeInstance(paths.instance, { url: url(), port, pid: process.pid, started_at: startedAt, processes });
  };

  /**
   * @param {Part} part
   * @param {() => Promise<import('node:child_process').ChildProcess>} launch
   */
  async function run(part, launch) {
    parts[part] = await supervise({
      launch,
      // Not at the first start: the record is written once all of it runs.
      onReady: () => parts.worker && record(),
      onCrash: (reason, delayMs) =>
        terminal.print(
          `The ${part} ended (${reason}); starting it again in ${delayMs / 1000} s. Log: ${log(part)}`,
        ),
      onGiveUp: (reason) => {
        terminal.print(
          `The ${part} keeps ending (${reason}), giving up. The end of ${log(part)}:\n${readLogEnd(log(part))}`,
        );
        void stop().then(() => process.exit(1));
      },
    });
  }

  /** Ends what an earlier start of this home left behind. The home's lock is ours, so nothing of it may be running. */
  async function recover() {
    const orphans = owned();
    await endProcesses(orphans, { graceMs: 2_000 });
    await endLeftoverPostgres(paths.database);
    removeInstance(paths.instance);
  }

  /** @returns {Promise<string>} which database it is */
  async function startDatabase() {
    if (process.env.DATABASE_URL) {
      databaseUrl = process.env.DATABASE_URL;
      return `PostgreSQL ${await checkDatabase(databaseUrl)} of DATABASE_URL`;
    }
    const password = ensurePassword(paths.password);
    createDataFolder(paths.database, password);
    const databasePort = await findFreePort();
    await run("database", () =>
      startPostgres({ dataFolder: paths.database, port: databasePort, log: log("database") }),
    );
    databaseUrl = toDatabaseUrl(databasePort, password);
    await ensureDatabase(toDatabaseUrl(databasePort, password, "postgres"), databaseName);
    return `PostgreSQL ${await checkDatabase(databaseUrl)}, embedded`;
  }

  /** @param {number} chosenPort */
  async function startWebPart(chosenPort) {
    port = chosenPort;
    await run("web", () => startWeb(environment(), log("web")));
    // The first page loads most of the server's code; better now than when somebody waits for it.
    const outcome = await fetch(url(), { signal: AbortSignal.timeout(firstPageMs) }).then(
      ({ status }) => (status < 500 ? undefined : `status ${status}`),
      (error) => String(error),
    );
    if (outcome) {
      const details = readLogEnd(log("web"));
      throw new Problem(`The first page failed (${outcome}): see ${log("web")}.`, { details });
    }
    return url();
  }

  async function startWorkerPart() {
    await run("worker", () => startWorker(environment(), log("worker")));
    record();
    return `log: ${log("worker")}`;
  }

  let stopped = /** @type {Promise<void> | undefined} */ (undefined);
  /** Worker, web, database, in this order: each finds what it needs until its own end. */
  function stop() {
    stopped ??= (async () => {
      abortCommands();
      await parts.worker?.stop((child) => endChild(child, workerGraceMs));
      await parts.web?.stop((child) => endChild(child, webGraceMs));
      await endProcesses(owned(), { graceMs: 0 });
      await parts.database?.stop((child) => stopPostgres(child.pid ?? 0, databaseGraceMs));
      await endLeftoverPostgres(paths.database);
      removeInstance(paths.instance);
    })();
    return stopped;
  }

  function kill() {
    abortCommands();
    for (const { pid } of owned()) sendSignal(pid, "SIGKILL");
    // Not SIGKILL: PostgreSQL's immediate shutdown takes its own processes with it, and loses nothing committed.
    const pid = parts.database?.child()?.pid;
    if (pid) sendSignal(pid, "SIGQUIT");
  }

  return {
    url,
    recover,
    startDatabase,
    stop,
    kill,
    migrate: () => migrateDatabase(databaseUrl, migrationsFolder),
    startWeb: startWebPart,
    startWorker: startWorkerPart,
  };
}
