/** Fields of a prompt template, written {{field}}; the worker fills them from the run's recipe and configuration. */
export const promptFields = {
  recipe: "name of the recipe",
  classes: "number of classes",
  channels: "channels of an image",
  height: "height of an image in pixels",
  width: "width of an image in pixels",
  max_parameters: "most parameters the recipe allows",
  max_multiply_adds: "most multiply-adds an image the recipe allows",
  novelty_wishes: "the run's wishes for novelty",
} as const satisfies Record<string, string>;

export type PromptField = keyof typeof promptFields;

/** Every {{...}} of a text that is no field, with its 1-based line and column. */
export function findUnknownPromptFields(text: string): { field: string; line: number; column: number }[] {
  return [...text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)]
    .filter(([, field = ""]) => !Object.hasOwn(promptFields, field))
    .map((match) => {
      const before = text.slice(0, match.index).split("\n");
      return { field: match[1] ?? "", line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    });
}
