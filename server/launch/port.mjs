import { createServer } from "node:net";
import { defaultPort } from "./options.mjs";
import { Problem, findErrorCode } from "./problem.mjs";

/** How many ports above a busy default one are tried. */
const attempts = 50;

/**
 * Tries a port of the loopback interface by listening on it.
 * @param {number} port 0: any free one
 * @returns {Promise<{ port: number } | { code: string }>} the port that was free, or why it was not
 */
export function probePort(port) {
  return new Promise((settle) => {
    const server = createServer();
    server.once("error", (error) => settle({ code: findErrorCode(error) ?? "unknown" }));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      const taken = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => settle({ port: taken }));
    });
  });
}

/** @returns {Promise<number>} a port of the loopback interface that was free a moment ago */
export async function findFreePort() {
  const probe = await probePort(0);
  if ("port" in probe) return probe.port;
  throw new Problem(
    `No port of 127.0.0.1 can be opened (${probe.code}): check the machine's network settings.`,
  );
}

/**
 * The port to serve on. One that was asked for is taken or refused; the default one gives way to the next free one.
 * @param {number | undefined} asked
 * @returns {Promise<{ port: number, note: string }>} `note`: what to tell the person, may be empty
 */
export async function choosePort(asked) {
  if (asked !== undefined) {
    const probe = await probePort(asked);
    if ("port" in probe) return { port: probe.port, note: "" };
    if (probe.code === "EACCES")
      throw new Problem(`Port ${asked} needs rights this account lacks: take one above 1023.`);
    throw new Problem(`Port ${asked} is busy: stop what listens there, or choose another with --port.`);
  }
  for (let port = defaultPort; port < defaultPort + attempts; port += 1) {
    const probe = await probePort(port);
    if ("port" in probe) {
      return { port, note: port === defaultPort ? "" : `port ${defaultPort} is busy, using ${port}` };
    }
  }
  const last = defaultPort + attempts - 1;
  throw new Problem(
    `Ports ${defaultPort} to ${last} are all busy: choose another with npm start -- --port <n>.`,
  );
}
