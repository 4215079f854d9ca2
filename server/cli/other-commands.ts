import type { WorkersView } from "../trpc/types";
import { ask } from "./api";
import type { Command } from "./command";
import { exportAdapter } from "./export-adapter";
import { toDuration, toJson } from "./format";
import { jsonOption } from "./json-option";
import { toPath } from "./place";
import { CommandProblem } from "./problem";
import { toTable } from "./table";
import { writeOut } from "./write-out";

const exportRun: Command = {
  name: "export run",
  description: "Exports a run: configuration, cycles, candidates with code, outcomes, evaluations and neighbours.",
  positionals: ["run"],
  options: {
    format: { type: "string", value: "json", description: "the only format (default)" },
    out: { type: "string", value: "<file>", description: "write to a file instead of standard output" },
  },
  async run(input, io) {
    const format = input.text("format") ?? "json";
    if (format !== "json") throw new CommandProblem(`--format takes json, not ${JSON.stringify(format)}.`);
    const text = toJson(await ask(io, (api) => api.run.export.query({ id: input.positional(0) })));
    const file = input.text("out");
    if (file === undefined) io.write(text);
    else writeOut(toPath(io, file), text);
    return 0;
  },
};

const listWorkers: Command = {
  name: "worker list",
  description: "Lists workers, what waits for them, and attempts that went wrong.",
  options: jsonOption,
  async run(input, io) {
    const view = await ask(io, (api) => api.worker.list.query());
    io.write(input.flag("json") ? toJson(view) : toWorkersText(view));
    return 0;
  },
};

function toWorkersText({ workers, queue, troubled_attempts: attempts }: WorkersView): string {
  const parts = [
    workers.length === 0
      ? "There is no worker: npm start\n"
      : toTable(workers, [
          { title: "worker", value: (one) => one.name },
          { title: "state", value: (one) => (one.silent ? "silent" : one.state) },
          { title: "device", value: (one) => one.device },
          { title: "slots", value: (one) => one.slots, right: true },
          { title: "leased", value: (one) => one.leased, right: true },
          { title: "protection", value: (one) => one.protection_level },
          { title: "heartbeat", value: (one) => `${toDuration(one.heartbeat_age_seconds)} ago`, right: true },
        ]),
    toTable(queue, [
      { title: "queue", value: (one) => one.kind },
      { title: "queued", value: (one) => one.queued, right: true },
      { title: "leased", value: (one) => one.leased, right: true },
      { title: "oldest", value: (one) => (one.oldest_seconds === null ? null : toDuration(one.oldest_seconds)), right: true },
    ]),
  ];
  if (attempts.length > 0) {
    parts.push(
      toTable(attempts, [
        { title: "attempt", value: (one) => `${one.kind} ${one.subject}` },
        { title: "ending", value: (one) => one.ending },
        { title: "worker", value: (one) => one.worker },
        { title: "error", value: (one) => one.error },
      ]),
    );
  }
  return parts.join("\n");
}

export const otherCommands: readonly Command[] = [exportRun, exportAdapter, listWorkers];
