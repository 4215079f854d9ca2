/**
 * The web process: Next.js on an HTTP server of our own, because `next start` neither ends while an event stream is open
 * nor notices that the launcher is gone. Listens on 127.0.0.1 only. Tells the launcher when it serves (over the IPC
 * channel) and ends when that channel closes, which a kill -9 of the launcher does too.
 */
import { createServer } from "node:http";
import { projectFolder } from "./paths.mjs";

const hostname = "127.0.0.1";
const port = Number(process.env.PORT);

/** How long requests in flight may take to finish once asked to stop. Event streams never would. */
const graceMs = 1_500;

const { default: next } = await import("next");
const app = next({ dev: false, dir: projectFolder, hostname, port });
await app.prepare();
const handle = app.getRequestHandler();
// A gigabyte over a slow line takes longer than the five minutes that Node gives a request to arrive.
const server = createServer({ requestTimeout: 0 }, (request, response) => void handle(request, response));

let stopping = false;
async function stop() {
  if (stopping) return;
  stopping = true;
  server.close();
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  // Next runs what pages deferred with after(); a page that never ends must not hold the process.
  await Promise.race([app.close(), new Promise((done) => setTimeout(done, graceMs))]);
  clearTimeout(cut);
  process.exit(0);
}

process.on("SIGTERM", () => void stop());
process.on("SIGINT", () => void stop());
process.on("disconnect", () => void stop());
server.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
server.listen({ port, host: hostname }, () => process.send?.("ready"));
