/**
 * The embedded PostgreSQL of one data folder: create, start, stop, and recover after anything was killed.
 *
 * Guarantees: listens on 127.0.0.1 only, no Unix sockets, password authentication; UTF-8 whatever the machine's locale;
 * a data folder is complete or absent; at most one server runs on it.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readLogEnd, withLog } from "./logs.mjs";
import { ensurePostgresAccount } from "./postgres-account.mjs";
import { findPostgresBinaries } from "./postgres-binaries.mjs";
import { Problem } from "./problem.mjs";
import { endProcesses, findProcess, listPids, sendSignal, waitUntilGone } from "./processes.mjs";

export const databaseUser = "archloom";
const majorVersion = "18";

/** Durable settings are PostgreSQL's own defaults (fsync on); these are for throw-away data of tests. */
export const throwAwaySettings = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "autovacuum=off",
];

/**
 * Creates the data folder unless it is there.
 * @param {string} dataFolder
 * @param {string} password of the only role, {@link databaseUser}
 * @param {{ throwAway?: boolean }} [options] `throwAway`: do not wait until the disk has it: 2.5 s instead of 8 s on a busy one
 */
export function createDataFolder(dataFolder, password, { throwAway = false } = {}) {
  if (existsSync(dataFolder)) {
    assertVersion(dataFolder);
    return;
  }
  const account = ensurePostgresAccount();
  const { initdb } = findPostgresBinaries();
  // Finished elsewhere and renamed, so that an interrupted initdb is begun anew and not mistaken for a database.
  const unfinished = `${dataFolder}.unfinished`;
  const passwordFile = `${dataFolder}.initial-password`;
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) {
    chownSync(unfinished, account.uid, account.gid);
    chownSync(passwordFile, account.uid, account.gid);
  }
  const args = [
    `--pgdata=${unfinished}`,
    `--username=${databaseUser}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-instructions",
    ...(throwAway ? ["--no-sync"] : []),
  ];
  try {
    const { status, stdout, stderr, error } = spawnSync(initdb, args, {
      ...toIdentity(account),
      cwd: "/",
      env: environment(),
      encoding: "utf8",
    });
    if (error || status !== 0) {
      const details = `${stdout ?? ""}${stderr ?? ""}`.trim().split("\n").slice(-8).join("\n");
      throw new Problem(`The database folder ${dataFolder} cannot be created: see below.`, {
        cause: error,
        details,
      });
    }
    renameSync(unfinished, dataFolder);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** @param {string} dataFolder */
function assertVersion(dataFolder) {
  const version = readText(join(dataFolder, "PG_VERSION")).trim();
  if (version === majorVersion) return;
  const found = version
    ? `was made by PostgreSQL ${version}`
    : "is not a PostgreSQL data folder this account can read";
  throw new Problem(
    `${dataFolder} ${found}, this version brings ${majorVersion}: set ARCHLOOM_HOME to another folder.`,
  );
}

/**
 * Starts a server on the data folder. Resolves when it accepts connections.
 * @param {object} options
 * @param {string} options.dataFolder
 * @param {number} options.port
 * @param {string} options.log
 * @param {string[]} [options.settings] further `name=value` settings
 * @returns {Promise<import('node:child_process').ChildProcess>}
 */
export async function startPostgres({ dataFolder, port, log, settings = [] }) {
  const { postgres } = findPostgresBinaries();
  const all = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=60",
    ...settings,
  ];
  const args = ["-D", dataFolder, ...all.flatMap((setting) => ["-c", setting])];
  const child = withLog(log, (descriptor) =>
    spawn(postgres, args, {
      ...toIdentity(ensurePostgresAccount()),
      cwd: "/",
      env: environment(),
      detached: true,
      stdio: ["ignore", descriptor, descriptor],
    }),
  );
  let failure = /** @type {string | undefined} */ (undefined);
  child.once("error", (error) => (failure = error.message));
  child.once("exit", (code, signal) => (failure = `it ended with ${signal ?? `code ${code}`}`));
  // Replaying the log after a kill -9 can take long on a slow disk; the process is alive meanwhile.
  for (const deadline = performance.now() + 120_000; performance.now() < deadline; await sleep(20)) {
    if (failure) break;
    const [pid, , , , , , , status] = readText(join(dataFolder, "postmaster.pid")).split("\n");
    if (Number(pid) === child.pid && status?.trim() === "ready") {
      endWithLauncher(Number(pid), child);
      return child;
    }
  }
  if (child.pid) sendSignal(child.pid, "SIGQUIT");
  throw new Problem(
    `The embedded PostgreSQL did not start (${failure ?? "not ready after 120 s"}): see ${log}.`,
    {
      details: readLogEnd(log, 8),
    },
  );
}

/**
 * Has a server end when this process does, even by kill -9: a shell waits for the end of a pipe that only we hold.
 * @param {number} pid of the postmaster
 * @param {import('node:child_process').ChildProcess} server
 */
function endWithLauncher(pid, server) {
  const script = 'cat >/dev/null; kill -INT "$1"';
  const watcher = spawn("/bin/sh", ["-c", script, "sh", String(pid)], {
    cwd: "/",
    env: environment(),
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watcher.on("error", () => undefined);
  watcher.unref();
  // Its number may belong to somebody else by the time this process ends.
  server.once("exit", () => watcher.kill("SIGKILL"));
}

/**
 * Asks a server to end (open transactions are rolled back) and insists when it does not.
 * @param {number} pid of the postmaster
 * @param {number} graceMs
 */
export async function stopPostgres(pid, graceMs) {
  const server = findProcess(pid);
  if (!server) return;
  sendSignal(pid, "SIGINT");
  if (await waitUntilGone([server], graceMs)) return;
  // Immediate shutdown: the postmaster takes its own children with it, which a kill -9 would leave to notice by themselves.
  await endProcesses([server], { signal: "SIGQUIT", graceMs: 3_000 });
}

/**
 * Ends whatever an earlier start left running on this data folder: the postmaster named in postmaster.pid, if that
 * process really works there, and server processes that outlived theirs. Call it only while holding the home's lock.
 * @param {string} dataFolder
 */
export async function endLeftoverPostgres(dataFolder) {
  const pidFile = join(dataFolder, "postmaster.pid");
  const pid = Number(readText(pidFile).split("\n")[0]);
  if (pid > 0 && worksIn(pid, dataFolder)) await stopPostgres(pid, 10_000);
  const rest = listPids()
    .filter((other) => worksIn(other, dataFolder) && isServer(other))
    .flatMap((other) => findProcess(other) ?? []);
  await endProcesses(rest, { signal: "SIGQUIT", graceMs: 3_000 });
  // PostgreSQL takes any process of that number for its predecessor: a stranger, or one that was killed and that nobody has
  // waited for, as in containers whose first process does not. Nothing works here any more, so the file is a leftover.
  rmSync(pidFile, { force: true });
}

/** @param {number} pid @param {string} folder */
function worksIn(pid, folder) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}

/** @param {number} pid whether it is a server process, not a shell someone opened in the data folder */
function isServer(pid) {
  return readText(`/proc/${pid}/comm`).trim() === "postgres";
}

/** Nothing of the person's environment: PG* variables would change what the server does. */
function environment() {
  return {
    NODE_ENV: /** @type {const} */ ("production"),
    PATH: process.env.PATH,
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
  };
}

/** @param {import('./postgres-account.mjs').Account | undefined} account */
function toIdentity(account) {
  return account ? { uid: account.uid, gid: account.gid } : {};
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
