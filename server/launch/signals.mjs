/**
 * Two hits of Ctrl-C closer than this are one: npm passes on the signal that the terminal has already sent to everyone in
 * the foreground, so a single key press arrives twice.
 */
const echoMs = 700;

/**
 * The first Ctrl-C (or SIGTERM, or a closed terminal) runs `stop` and ends this process; a second one kills.
 * @param {{ stop: () => Promise<void>, kill: () => void }} actions
 * @returns {{ untilNotStopping: () => Promise<void> }} `untilNotStopping` resolves at once unless a stop has begun, and then
 *   never: the process ends when the stop is done
 */
export function onStopSignal({ stop, kill }) {
  let firstMs = /** @type {number | undefined} */ (undefined);
  const receive = () => {
    if (firstMs === undefined) {
      firstMs = performance.now();
      stop().then(
        () => process.exit(0),
        (error) => {
          process.stderr.write(`${String(error)}\n`);
          process.exit(1);
        },
      );
    } else if (performance.now() - firstMs > echoMs) {
      kill();
      process.exit(130);
    }
  };
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, receive);
  return {
    untilNotStopping: () => (firstMs === undefined ? Promise.resolve() : new Promise(() => undefined)),
  };
}
