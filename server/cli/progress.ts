import type { CommandIo } from "./io";

/** One line on standard error that is written over and over; nothing where nobody watches. */
export function createProgress({ isTerminal, writeError }: CommandIo) {
  let shown = "";
  return {
    show(line: string) {
      if (!isTerminal || line === shown) return;
      shown = line;
      writeError(`\r\u001b[K${line}`);
    },
    clear() {
      if (shown !== "") writeError("\r\u001b[K");
      shown = "";
    },
  };
}
