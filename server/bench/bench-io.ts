import { setTimeout as sleep } from "node:timers/promises";

import type { CommandIo } from "../cli/io";

/** A bench asks the running instance like any command of the terminal does. */
export const benchIo: CommandIo = {
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
  env: process.env,
  sleep: async (ms) => {
    await sleep(ms);
  },
  signal: new AbortController().signal,
};
