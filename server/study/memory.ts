import { createHash } from "node:crypto";

/**
 * Remembers what a pure function made of an input, by the input's content: what is judged does not change any more, while a
 * page asks for it again every few seconds. The inputs that were not asked for longest are forgotten.
 */
export function remember<Input, Output>(compute: (input: Input) => Output, most: number): (input: Input) => Output {
  const known = new Map<string, Output>();
  return (input) => {
    const key = createHash("sha256").update(JSON.stringify(input)).digest("base64");
    const output = known.has(key) ? (known.get(key) as Output) : compute(input);
    known.delete(key);
    known.set(key, output);
    for (const oldest of known.keys()) {
      if (known.size <= most) break;
      known.delete(oldest);
    }
    return output;
  };
}
