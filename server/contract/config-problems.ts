import type { RunConfig } from "./run-config";

export interface ConfigProblem {
  /** `generation.temperature`. */
  field: string;
  /** One sentence for a person. */
  message: string;
}

/** Fields that contradict each other, each named; every field for itself is checked by `runConfigSchema`. */
export function findConfigProblems(config: RunConfig): ConfigProblem[] {
  const { backend, model, server_url: url, fine_tuning: fineTuning, loop } = config;
  const problems: ConfigProblem[] = [];
  const add = (field: string, message: string) => void problems.push({ field, message });
  if (backend === "grammar" && model !== "grammar") add("model", "The backend grammar has no model: name it grammar.");
  if (backend === "grammar" && fineTuning) add("fine_tuning", "The backend grammar has no model that could be trained: switch fine-tuning off.");
  if (backend === "server" && !isHttpUrl(url)) {
    add("server_url", "The backend server needs an address such as http://127.0.0.1:8000/v1.");
  }
  if (backend !== "server" && url !== "") add("server_url", `Only the backend server has an address: leave it empty for ${backend}.`);
  if (backend !== "grammar" && model.trim() !== model) add("model", "A model's name neither begins nor ends with a space.");
  if (loop.replay_share > 0 && !fineTuning) {
    add("loop.replay_share", "Without fine-tuning nothing of the corpus is replayed: set it to 0, or switch fine-tuning on.");
  }
  return problems;
}

/** What is allowed and probably not meant. */
export function findConfigWarnings({ selection, generation, candidates_per_cycle: candidates }: RunConfig): ConfigProblem[] {
  const warnings: ConfigProblem[] = [];
  if (selection.floor > selection.threshold) {
    const left = selection.quantile === 0 ? "nothing ever fills up" : "candidates fill up only where the quantile raises the threshold";
    warnings.push({ field: "selection.floor", message: `The floor lies above the threshold, so ${left}.` });
  }
  if (generation.batch_size > candidates) {
    warnings.push({ field: "generation.batch_size", message: `A cycle has only ${candidates} candidates, so it is one batch.` });
  }
  return warnings;
}

function isHttpUrl(text: string): boolean {
  if (text.trim() !== text || !URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (protocol === "http:" || protocol === "https:") && hostname !== "";
}
