import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { choosePort, findFreePort, probePort } from "./port.mjs";

const servers: Server[] = [];

function occupy(port: number, host: string): Promise<void> {
  return new Promise((done, fail) => {
    const server = createServer().once("error", fail);
    servers.push(server);
    server.listen(port, host, done);
  });
}

afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done)))));

test("a port that was asked for is refused while busy", async () => {
  const port = await findFreePort();
  await occupy(port, "127.0.0.1");
  await expect(choosePort(port)).rejects.toThrow(`Port ${port} is busy`);
});

test("a port somebody serves on every address counts as busy", async () => {
  const port = await findFreePort();
  await occupy(port, "0.0.0.0");
  expect(await probePort(port)).toEqual({ code: "EADDRINUSE" });
});

test("a free port that was asked for is taken without remark", async () => {
  const port = await findFreePort();
  expect(await choosePort(port)).toEqual({ port, note: "" });
});

test("the busy default port gives way to the next free one, and says so", async () => {
  const first = await choosePort(undefined);
  await occupy(first.port, "127.0.0.1");
  const second = await choosePort(undefined);
  expect(second.port).toBeGreaterThan(first.port);
  expect(second.note).toBe(`port 3210 is busy, using ${second.port}`);
});
