/** What a study may consist of, and how its seeds and arms are written: shared by the form, the command line and the server. */
import { runConfigSchema } from "./run-config";

export const studyLimits = {
  arms: 12,
  seeds: 20,
  /** Programs of all runs together: as many as the longest single run may write. */
  programs: 200_000,
} as const;

/** Paths (`generation.temperature`) and the values that an arm has there. */
export type Changes = Record<string, unknown>;

const maxSeed = runConfigSchema.shape.seed.maxValue ?? Number.MAX_SAFE_INTEGER;

/** Seeds as a person writes them: `0, 1, 2`, `0-2`, or both. Null unless they are whole numbers, all different, within the limits. */
export function parseSeeds(text: string): number[] | null {
  const seeds: number[] = [];
  for (const part of text.split(",")) {
    const [, first, last = first] = /^\s*(\d{1,10})\s*(?:[-–]\s*(\d{1,10})\s*)?$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || from > to || to > maxSeed || to - from >= studyLimits.seeds) return null;
    for (let seed = from; seed <= to; seed += 1) seeds.push(seed);
  }
  return seeds.length <= studyLimits.seeds && new Set(seeds).size === seeds.length ? seeds : null;
}

/** `0-2`, `0, 1, 7`: the shortest way to write seeds that `parseSeeds` reads. */
export function writeSeeds(seeds: readonly number[]): string {
  const isRange = seeds.length > 2 && seeds.every((seed, at) => seed === (seeds[0] ?? 0) + at);
  return isRange ? `${seeds[0]}-${seeds.at(-1)}` : seeds.join(", ");
}

/** What most studies ask, ready to be an arm. What an arm has in common with the base is not counted as its change. */
export interface ArmTemplate {
  name: string;
  question: string;
  changes: Changes;
}

export const referenceName = "reference";

/** Without fine-tuning nothing can be replayed, and only the backend server has an address; see `findConfigProblems`. */
export const armTemplates: readonly ArmTemplate[] = [
  {
    name: "frozen",
    question: "Does fine-tuning help? Every cycle is written by the base model.",
    changes: { fine_tuning: false, "loop.replay_share": 0 },
  },
  {
    name: "novelty off",
    question: "What does the novelty filter do? Near-duplicates may win and be trained on.",
    changes: { "novelty.filter": false },
  },
  {
    name: "grammar",
    question: "Does a language model help at all? Random networks of the starter's grammar, without any model.",
    changes: { backend: "grammar", model: "grammar", server_url: "", fine_tuning: false, "loop.replay_share": 0 },
  },
];
