import { isPresetName, type ModelCheck, presets } from "../contract";
import { configureRun } from "../run/configure";
import { ServiceError } from "../service-error";
import { ask } from "./api";
import { toAssignment } from "./assignment";
import type { Command, Input } from "./command";
import { toBytes, toJson } from "./format";
import { jsonOption } from "./json-option";
import { CommandProblem } from "./problem";
import { toFacts } from "./table";
import { waitForTask } from "./task-wait";

const check: Command = {
  name: "model check",
  description: "Says what a model is and whether it fits where a worker would load it; exit code 1 when it does not.",
  positionals: ["model"],
  options: {
    preset: { type: "string", value: "<name>", description: "what it would be used for (default: starter)" },
    set: { type: "string", multiple: true, value: "<path=value>", description: "change one field, e.g. generation.quantization=nf4; may be repeated" },
    ...jsonOption,
  },
  async run(input, io) {
    const { backend, model, server_url, fine_tuning, generation, lora } = toConfig(input);
    const { id } = await ask(io, (api) =>
      api.model.check.mutate({
        backend,
        model,
        server_url,
        fine_tuning,
        generation: { quantization: generation.quantization, batch_size: generation.batch_size, max_new_tokens: generation.max_new_tokens },
        lora: { rank: lora.rank, target_modules: lora.target_modules, batch_size: lora.batch_size },
      }),
    );
    const { result } = await waitForTask(io, id, "check_model");
    io.write(input.flag("json") ? toJson(result) : toCheckText(result));
    return result.fits ? 0 : 1;
  },
};

function toConfig(input: Input) {
  const preset = input.text("preset") ?? "starter";
  if (!isPresetName(preset)) throw new CommandProblem(`--preset takes ${Object.keys(presets).join(", ")}, not ${JSON.stringify(preset)}.`);
  try {
    return configureRun(presets[preset], { model: input.positional(0) }, Object.fromEntries(input.texts("set").map(toAssignment)));
  } catch (error) {
    if (error instanceof ServiceError) throw new CommandProblem(error.message, { cause: error });
    throw error;
  }
}

function toCheckText(found: ModelCheck): string {
  const facts = toFacts([
    ["architecture", found.architecture],
    ["parameters", found.parameters],
    ["context", found.context_tokens === null ? null : `${found.context_tokens} tokens`],
    ["vocabulary", found.vocabulary],
    ["chat format", found.has_chat_template === null ? null : found.has_chat_template ? "yes" : "none"],
    ["weights", found.dtype],
    ["memory needed", found.needed_bytes === null ? null : toBytes(found.needed_bytes)],
    ["memory there", found.available_bytes === null ? null : `${toBytes(found.available_bytes)}${found.device === null ? "" : ` on ${found.device}`}`],
    ["layers", found.adapter_target_modules.length === 0 ? null : found.adapter_target_modules.join(", ")],
  ]);
  return `${facts}${facts === "" ? "" : "\n"}${found.sentence}\n`;
}

export const modelCommands: readonly Command[] = [check];
