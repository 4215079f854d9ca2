import { reportFormats } from "../contract";
import { fetchFile } from "./api";
import type { Command } from "./command";
import { toPath } from "./place";
import { CommandProblem } from "./problem";
import { writeOut } from "./write-out";

const endings: Record<string, (typeof reportFormats)[number]> = { ".md": "markdown", ".json": "json" };

const report: Command = {
  name: "report",
  description: "Reports a run, finished or not: the paper's table and figures, costs, and what differs from the paper.",
  positionals: ["run"],
  options: {
    format: { type: "string", value: reportFormats.join("|"), description: "HTML is one file that opens offline (default: by the ending of --out, else html)" },
    out: { type: "string", value: "<file>", description: "write to a file instead of standard output" },
  },
  async run(input, io) {
    const file = input.text("out");
    const asked = input.text("format") ?? endings[/\.[a-z]+$/.exec(file ?? "")?.[0] ?? ""] ?? "html";
    const format = reportFormats.find((one) => one === asked);
    if (format === undefined) throw new CommandProblem(`--format takes ${reportFormats.join(", ")}, not ${JSON.stringify(asked)}.`);
    const response = await fetchFile(io, `/api/reports/${encodeURIComponent(input.positional(0))}?format=${format}`);
    const text = await response.text();
    if (file === undefined) io.write(text);
    else writeOut(toPath(io, file), text);
    return 0;
  },
};

export const reportCommands: readonly Command[] = [report];
