import type { PromptDetail, PromptVersion } from "../trpc/types";
import { ask } from "./api";
import type { CommandIo } from "./io";
import { CommandProblem } from "./problem";

/** The newest version of `mine`, or the one that `mine@2` names. */
export async function findVersion(io: CommandIo, template: string): Promise<{ detail: PromptDetail; version: PromptVersion }> {
  const [name = ""] = template.split("@");
  const detail = await ask(io, (api) => api.prompt.get.query({ name }));
  const version = template === name ? detail.versions[0] : detail.versions.find((one) => one.id === template);
  if (version === undefined) throw new CommandProblem(`There is no version ${template}: ${name} has ${detail.versions.map((one) => one.id).join(", ")}.`);
  return { detail, version };
}
