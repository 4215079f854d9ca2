import { parseArgs, type ParseArgsConfig } from "node:util";

import type { CommandIo } from "./io";
import { CommandProblem } from "./problem";

export interface Option {
  type: "string" | "boolean";
  multiple?: boolean;
  /** Placeholder of its value, in the help. */
  value?: string;
  description: string;
}

export interface Command {
  /** `run start`. */
  name: string;
  description: string;
  /** Names of its positional arguments, all required. */
  positionals?: readonly string[];
  options?: Readonly<Record<string, Option>>;
  /** Returns the exit code; throws `CommandProblem` for 1 with a sentence. */
  run: (input: Input, io: CommandIo) => Promise<number>;
}

/** What was typed, checked against the command's declaration. */
export interface Input {
  text: (option: string) => string | undefined;
  texts: (option: string) => string[];
  flag: (option: string) => boolean;
  /** A whole number; throws for anything else. */
  integer: (option: string) => number | undefined;
  positional: (at: number) => string;
}

const helpOption: Option = { type: "boolean", description: "this text" };

/** Throws for an unknown option, a missing or a surplus argument. */
export function parseInput(command: Command, args: readonly string[]): Input | "help" {
  const { values, positionals } = parse(command, args);
  if (values["help"] === true) return "help";
  const wanted = command.positionals ?? [];
  const missing = wanted[positionals.length];
  if (missing !== undefined) throw usageProblem(command, `${missing} is missing`);
  const surplus = positionals[wanted.length];
  if (surplus !== undefined) throw usageProblem(command, `${JSON.stringify(surplus)} is one argument too many`);
  const text = (option: string) => {
    const value = values[option];
    return typeof value === "string" ? value : undefined;
  };
  return {
    text,
    texts: (option) => [values[option] ?? []].flat().filter((value) => typeof value === "string"),
    flag: (option) => values[option] === true,
    integer(option) {
      const value = text(option);
      if (value === undefined) return undefined;
      if (!/^-?\d{1,15}$/.test(value)) throw usageProblem(command, `--${option} takes a whole number, not ${JSON.stringify(value)}`);
      return Number(value);
    },
    positional: (at) => positionals[at] ?? "",
  };
}

function parse(command: Command, args: readonly string[]) {
  const options: ParseArgsConfig["options"] = { help: { type: "boolean", short: "h" } };
  for (const [name, { type, multiple = false }] of Object.entries(command.options ?? {})) options[name] = { type, multiple };
  try {
    return parseArgs({ args: joinNegatives(args), options, allowPositionals: true, strict: true });
  } catch (error) {
    // The driver's message goes on to explain how to pass such a text as an argument.
    const reason = error instanceof Error ? (error.message.split(/\.\s/)[0] ?? error.message) : String(error);
    throw usageProblem(command, reason);
  }
}

/** `--seed -1` as `--seed=-1`: the driver takes a dash for the next option. Nothing else begins with a dash and a digit. */
function joinNegatives(args: readonly string[]): string[] {
  return args.reduce<string[]>((joined, arg) => {
    const before = joined.at(-1);
    return /^-\d/.test(arg) && before !== undefined && /^--[^=]+$/.test(before)
      ? [...joined.slice(0, -1), `${before}=${arg}`]
      : [...joined, arg];
  }, []);
}

const usageProblem = (command: Command, reason: string) =>
  new CommandProblem(`${reason}: see npm run -s archloom -- ${command.name} --help.`);

export function toHelp(command: Command): string {
  const usage = [command.name, ...(command.positionals ?? []).map((name) => `<${name}>`)].join(" ");
  const lines = Object.entries({ ...command.options, help: helpOption }).map(
    ([name, { value, description }]) => [`--${name}${value === undefined ? "" : ` ${value}`}`, description] as const,
  );
  const width = Math.max(...lines.map(([left]) => left.length));
  const options = lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
  return `npm run -s archloom -- ${usage}\n\n${command.description}\n\n${options}`;
}

/** Commands whose name begins with `prefix`, one a line. */
export function toOverview(commands: readonly Command[], prefix = ""): string {
  const shown = commands.filter(({ name }) => name.startsWith(prefix));
  const left = ({ name, positionals = [] }: Command) => [name, ...positionals.map((one) => `<${one}>`)].join(" ");
  const width = Math.max(...shown.map((command) => left(command).length));
  const list = shown.map((command) => `  ${left(command).padEnd(width)}  ${command.description}\n`).join("");
  return `npm run -s archloom -- <command> [options]\n\n${list}\nEach explains itself with --help. ARCHLOOM_URL names the instance; without it, the one of this ARCHLOOM_HOME.\n`;
}
