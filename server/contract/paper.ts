/**
 * What arXiv 2601.02997 prints of its own run (22 cycles of 150 programs on CIFAR-10): written here and nowhere else, for the
 * reference lines of charts and the last column of a report.
 */
export const paper = {
  title: "From Memorization to Creativity: LLM as a Designer of Novel Neural-Architectures",
  name: "arXiv 2601.02997",
  cycles: 22,
  /** Of the first cycle, where it settles, and of the best cycle. */
  valid_rate: { first: 0.44, stable: 0.506, peak: 0.745 },
  accuracy_mean: { first: 0.2806, last: 0.5099 },
  /** Of its valid networks: the last share exceeds its best valid rate. */
  share_above_threshold: { first: 0.0204, last: 0.9681 },
  /** Networks above the threshold that its corpus does not have, of all cycles together. */
  winners: 455,
} as const;

const cifar10Recipes: readonly string[] = ["cifar10", "cifar10-paper"];

/** The paper's figures are of CIFAR-10 and say nothing beside those of other data. */
export const isPaperData = (recipe: string): boolean => cifar10Recipes.includes(recipe);

/** A share with the decimals that it prints: `50.6 %`, `28.06 %`. */
export const asPrinted = (share: number): string => `${(100 * share).toFixed(2).replace(/0$/, "")} %`;
