/** The database as the rest sees it: a URL that can be connected to, new enough, with every migration applied. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Problem, findErrorCode } from "./problem.mjs";
import { databaseUser } from "./postgres.mjs";

export const databaseName = "archloom";
const oldestVersion = 15;

/** Two starts that share a DATABASE_URL migrate one after the other. The number only has to be ours. */
const migrationLock = 4_207_310_551;

/**
 * The password of a home's embedded database, made at first use, readable by its owner only.
 * @param {string} file
 */
export function ensurePassword(file) {
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  const password = randomBytes(24).toString("base64url");
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/** @param {number} port @param {string} password @param {string} [name] */
export function toDatabaseUrl(port, password, name = databaseName) {
  return `postgresql://${databaseUser}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;
}

/**
 * Runs `work` with one connection. Notices are dropped; the connection is closed in any case.
 * @template T
 * @param {string} url
 * @param {(sql: import('postgres').Sql) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withDatabase(url, work) {
  const { default: postgres } = await import("postgres");
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/**
 * Creates a database of the server unless it exists.
 * @param {string} url of any database of the server
 * @param {string} name
 */
export async function ensureDatabase(url, name) {
  await withDatabase(url, async (sql) => {
    const found = await sql`select 1 from pg_database where datname = ${name}`;
    if (found.length === 0) await sql`create database ${sql(name)}`;
  });
}

/**
 * Checks a database somebody else runs.
 * @param {string} url value of DATABASE_URL
 * @returns {Promise<string>} its version, such as "16.4"
 */
export async function checkDatabase(url) {
  const place = describePlace(url);
  try {
    return await withDatabase(url, async (sql) => {
      const [row] =
        await sql`select current_setting('server_version_num')::int as number, current_setting('server_version') as name,
        current_setting('server_encoding') as encoding`;
      if (Math.floor(row?.number / 10_000) < oldestVersion) {
        throw new Problem(
          `DATABASE_URL names PostgreSQL ${row?.name} at ${place}: Archloom needs ${oldestVersion} or newer.`,
        );
      }
      if (row?.encoding !== "UTF8") {
        throw new Problem(
          `The database at ${place} stores ${row?.encoding}: create one with encoding UTF8 and name it in DATABASE_URL.`,
        );
      }
      return String(row.name);
    });
  } catch (error) {
    throw error instanceof Problem ? error : toConnectionProblem(error, place);
  }
}

/**
 * Applies the migrations that are missing.
 * @param {string} url
 * @param {string} folder drizzle's migrations folder
 * @returns {Promise<number>} how many were applied
 */
export async function migrateDatabase(url, folder) {
  const { drizzle } = await import("drizzle-orm/postgres-js");
  const { migrate } = await import("drizzle-orm/postgres-js/migrator");
  return withDatabase(url, async (sql) => {
    await sql`select pg_advisory_lock(${migrationLock})`;
    const before = await countMigrations(sql);
    try {
      await migrate(drizzle(sql), { migrationsFolder: folder });
    } catch (error) {
      const reason =
        error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new Problem(`The database could not be migrated, and was left as it was: ${reason}.`, {
        cause: error,
      });
    }
    return (await countMigrations(sql)) - before;
  });
}

/** @param {import('postgres').Sql} sql */
async function countMigrations(sql) {
  const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') is not null as exists`;
  if (!table?.exists) return 0;
  const [row] = await sql`select count(*)::int as count from drizzle.__drizzle_migrations`;
  return Number(row?.count ?? 0);
}

/** @param {string} url @returns {string} host, port and database, without user and password */
function describePlace(url) {
  try {
    const { protocol, host, pathname } = new URL(url);
    if (protocol === "postgres:" || protocol === "postgresql:") return `${host}${pathname}`;
  } catch {
    // Answered below: it is not a URL.
  }
  throw new Problem(
    "DATABASE_URL is not of the form postgresql://user:password@host:5432/database: correct or unset it.",
  );
}

/** @param {unknown} error @param {string} place */
function toConnectionProblem(error, place) {
  const code = findErrorCode(error) ?? "unknown error";
  const options = { cause: error };
  switch (code) {
    case "28P01":
    case "28000":
      return new Problem(
        `The database at ${place} refuses the user or password in DATABASE_URL: correct them.`,
        options,
      );
    case "3D000":
      return new Problem(
        `The database at ${place} does not exist: create it with createdb, or correct DATABASE_URL.`,
        options,
      );
    case "42501":
      return new Problem(
        `The user in DATABASE_URL lacks rights on ${place}: grant them, or use another user.`,
        options,
      );
    default: {
      const reason = error instanceof Error && error.message ? error.message : code;
      return new Problem(
        `The database at ${place} cannot be reached (${reason}): start it, or correct or unset DATABASE_URL.`,
        options,
      );
    }
  }
}
