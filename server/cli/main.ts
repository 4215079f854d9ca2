/** `npm run -s archloom -- <command>`: the procedures of a running instance from the terminal. */
import { setTimeout as delay } from "node:timers/promises";

import { runCommandLine } from "./run-command-line";

const interrupt = new AbortController();
// The first Ctrl-C is answered by the command, a second one ends it on the spot.
process.once("SIGINT", () => interrupt.abort());
// Whoever read the output has had enough (`| head`).
process.stdout.on("error", () => process.exit(0));

// The exit code is set, not forced: a pipe may still be taking the output.
process.exitCode = await runCommandLine(process.argv.slice(2), {
  env: process.env,
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
  signal: interrupt.signal,
  sleep: (ms) => delay(ms, undefined, { signal: interrupt.signal }).catch(() => undefined),
});
