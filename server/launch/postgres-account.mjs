/** PostgreSQL refuses to run as root: which account it runs as then, and whether that one can reach what it needs. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { findClosedFolder } from "./paths.mjs";
import { Problem } from "./problem.mjs";

const accountName = "postgres";

/** @typedef {{ name: string, uid: number, gid: number }} Account */

/**
 * The account PostgreSQL runs as, made when it is missing; undefined when we are not root and it runs as ourselves.
 * @returns {Account | undefined}
 */
export function ensurePostgresAccount() {
  if (process.getuid?.() !== 0) return undefined;
  const existing = findAccount();
  if (existing) return existing;
  spawnSync("useradd", [
    "--system",
    "--user-group",
    "--no-create-home",
    "--shell",
    "/bin/false",
    accountName,
  ]);
  const made = findAccount();
  if (made) return made;
  throw new Problem(
    `PostgreSQL does not run as root, and the account "${accountName}" cannot be made: run as another user.`,
  );
}

/** @returns {Account | undefined} */
function findAccount() {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${accountName}:`));
  const [name, , uid, gid] = line?.split(":") ?? [];
  return name && uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : undefined;
}

/**
 * Root's children pass through no folder that is closed to the account PostgreSQL runs as, so say so before
 * anything long begins.
 * @param {Account} account
 * @param {string} home
 * @param {string} project
 */
export function assertReachable(account, home, project) {
  const closedHome = findClosedFolder(home, account);
  if (closedHome) {
    throw new Problem(
      `As root, PostgreSQL runs as the account "${account.name}", which may not enter ${closedHome}: ` +
        `set ARCHLOOM_HOME to a folder it can reach (such as /var/lib/archloom), or run chmod o+x ${closedHome}.`,
    );
  }
  const closedProject = findClosedFolder(project, account);
  if (closedProject) {
    throw new Problem(
      `As root, PostgreSQL runs as the account "${account.name}", which may not enter ${closedProject}: ` +
        `move ${basename(project)} to another folder, run chmod o+x ${closedProject}, or set DATABASE_URL.`,
    );
  }
}
