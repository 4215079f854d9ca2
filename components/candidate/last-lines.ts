/** More than two lines of code ever take; a tile must not split a long text at every chunk. */
const tailLength = 400;

/** The last two lines of a program that have something in them. */
export function lastLines(text: string): string {
  return text
    .slice(-tailLength)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-2)
    .join("\n");
}
