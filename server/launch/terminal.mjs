/**
 * Steps on the terminal: one line each with its time. On a TTY the running step spins and shows its latest progress;
 * elsewhere a line appears when a step has ended, and every 15 s while a long one runs.
 */
const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const nameWidth = 22;
const silentMs = 15_000;

/**
 * What a step's work may call to say where it is.
 * @typedef {(progress: string) => void} Report
 */

/** @typedef {ReturnType<typeof createTerminal>} Terminal */

/** @param {NodeJS.WriteStream} [out] */
export function createTerminal(out = process.stdout) {
  const live = out.isTTY === true;
  // A closed terminal (the window is gone, `| head`) must not end the instance.
  out.on("error", () => undefined);

  /** @param {string} line */
  const print = (line) => void out.write(`${live ? "\r\u001B[K" : ""}${line}\n`);

  /**
   * Runs one step.
   * @template T
   * @param {string} name
   * @param {(report: Report) => Promise<T>} work
   * @param {(result: T) => string} [describe] the detail on the step's last line
   * @returns {Promise<T>}
   */
  async function step(name, work, describe) {
    const startedMs = performance.now();
    let progress = "";
    let frame = 0;
    const elapsed = () => formatSeconds(performance.now() - startedMs);
    const draw = () => {
      const line = `${frames[(frame += 1) % frames.length]} ${name.padEnd(nameWidth)} ${elapsed()}  ${progress}`;
      out.write(`\r\u001B[K${line.slice(0, (out.columns || 80) - 1)}`);
    };
    const ticker = live
      ? setInterval(draw, 100)
      : setInterval(() => print(`… ${name.padEnd(nameWidth)} ${elapsed()}  ${progress}`), silentMs);
    try {
      const result = await work((text) => {
        progress = text;
      });
      print(`✓ ${name.padEnd(nameWidth)} ${elapsed()}  ${describe?.(result) ?? ""}`.trimEnd());
      return result;
    } catch (error) {
      print(`✗ ${name.padEnd(nameWidth)} ${elapsed()}`);
      throw error;
    } finally {
      clearInterval(ticker);
    }
  }

  return { print, step };
}

/** @param {number} milliseconds @returns {string} such as "  1.4 s" */
function formatSeconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1).padStart(5)} s`;
}
