import { parseArgs } from "node:util";
import { Problem } from "./problem.mjs";

export const defaultPort = 3210;

export const usage = `npm start -- [options]

  --port <n>   port on 127.0.0.1 (default ${defaultPort}, or the next free one; 0 takes any free one)
  --no-open    do not open a browser
  --help       this text

Environment: ARCHLOOM_HOME (folder of database and logs), DATABASE_URL (a PostgreSQL 15 or newer instead of the
embedded one), ARCHLOOM_PYTHON (interpreter), ARCHLOOM_TORCH (auto, cpu or cuda), ARCHLOOM_DEBUG=1 (stack traces).`;

/**
 * @typedef {object} StartOptions
 * @property {number | undefined} port undefined: not asked for, the launcher may choose
 * @property {boolean} open
 * @property {boolean} help
 */

/** @param {string[]} args @returns {StartOptions} */
export function parseStartOptions(args) {
  const { port, "no-open": noOpen, help } = parse(args);
  return { port: port === undefined ? undefined : toPort(port), open: !noOpen, help: Boolean(help) };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string" },
        "no-open": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw new Problem(`${reason}: try npm start -- --help.`, { cause: error });
  }
}

/** @param {string} text */
function toPort(text) {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new Problem(`--port takes a number from 0 to 65535, not "${text}".`);
  }
  return port;
}
