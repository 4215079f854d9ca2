/** What ends a command with exit code 1; the message is the sentence on standard error. */
export class CommandProblem extends Error {
  override readonly name = "CommandProblem";
}
