import { candidateCommands } from "./candidate-commands";
import { type Command, parseInput, toHelp, toOverview } from "./command";
import { corpusCommands } from "./corpus-commands";
import { dataCommands } from "./data-commands";
import type { CommandIo } from "./io";
import { modelCommands } from "./model-commands";
import { otherCommands } from "./other-commands";
import { CommandProblem } from "./problem";
import { promptCommands } from "./prompt-commands";
import { reportCommands } from "./report-command";
import { runCommands } from "./run-commands";
import { studyCommands } from "./study-commands";
import { transferCommands } from "./transfer-command";

export const commands: readonly Command[] = [...runCommands, ...transferCommands, ...reportCommands, ...candidateCommands, ...corpusCommands, ...promptCommands, ...modelCommands, ...dataCommands, ...studyCommands, ...otherCommands];

/** Does what was typed; returns the exit code, 0 or 1. Every problem is one sentence on standard error. */
export async function runCommandLine(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    if (!(error instanceof CommandProblem)) throw error;
    io.writeError(`${error.message}\n`);
    return 1;
  }
}

async function dispatch(args: readonly string[], io: CommandIo): Promise<number> {
  const [noun = "", verb = "", ...rest] = args;
  const command = commands.find(({ name }) => name === `${noun} ${verb}` || name === noun);
  if (command !== undefined) {
    const input = parseInput(command, command.name === noun ? args.slice(1) : rest);
    if (input !== "help") return command.run(input, io);
    io.write(toHelp(command));
    return 0;
  }
  const isNoun = commands.some(({ name }) => name.startsWith(`${noun} `));
  const asksHelp = [noun, verb].some((word) => word === "--help" || word === "-h" || word === "");
  if (asksHelp && (isNoun || noun === "" || noun.startsWith("-h") || noun === "--help")) {
    io.write(toOverview(commands, isNoun ? `${noun} ` : ""));
    return 0;
  }
  throw new CommandProblem(`There is no command ${JSON.stringify(`${noun} ${verb}`.trim())}: see npm run -s archloom -- --help.`);
}
