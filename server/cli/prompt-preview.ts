import { backends, type PromptPreview } from "../contract";
import { ask } from "./api";
import type { Command } from "./command";
import { toJson } from "./format";
import { jsonOption } from "./json-option";
import { CommandProblem } from "./problem";
import { findVersion } from "./prompt-version";
import { readText } from "./read-text";
import { toTable } from "./table";
import { waitForTask } from "./task-wait";

export const previewPrompt: Command = {
  name: "prompt preview",
  description: "Shows the exact text and tokens that a model would be sent for a template such as starter or starter@1.",
  positionals: ["template"],
  options: {
    model: { type: "string", value: "<name>", description: "whose tokens (default: starter)" },
    backend: { type: "string", value: "<backend>", description: "transformers (default) or server" },
    server: { type: "string", value: "<url>", description: "address of the server" },
    recipe: { type: "string", value: "<name>", description: "whose images and limits are filled in (default: digits)" },
    wishes: { type: "string", value: "<text>", description: "novelty wishes" },
    text: { type: "string", value: "<file>", description: "an edited text instead of the saved one" },
    tokens: { type: "boolean", description: "list every token with its id" },
    ...jsonOption,
  },
  async run(input, io) {
    const given = input.text("backend") ?? "transformers";
    const backend = backends.find((one) => one === given && one !== "grammar");
    if (backend === undefined) throw new CommandProblem(`--backend takes transformers or server, not ${JSON.stringify(given)}.`);
    const { kind, system, text } = (await findVersion(io, input.positional(0))).version;
    const file = input.text("text");
    const { id } = await ask(io, (api) =>
      api.prompt.preview.mutate({
        backend,
        model: input.text("model") ?? "starter",
        server_url: input.text("server") ?? "",
        quantization: "auto",
        kind,
        system,
        text: file === undefined ? text : readText(io, file),
        recipe: input.text("recipe") ?? "digits",
        novelty_wishes: input.text("wishes") ?? "",
      }),
    );
    const { result } = await waitForTask(io, id, "preview_prompt");
    io.write(input.flag("json") ? toJson(result) : toPreviewText(result, input.flag("tokens")));
    return 0;
  },
};

function toPreviewText({ text, tokens, context_tokens: context, note }: PromptPreview, listed: boolean): string {
  const of = context === null ? "" : ` of a context of ${context}`;
  const count = tokens.length === 0 ? "tokens are known to the server only" : `${tokens.length} tokens${of}`;
  const body = listed
    ? toTable(tokens, [
        { title: "id", value: (token) => token.id, right: true },
        { title: "text", value: (token) => JSON.stringify(token.text) },
        { title: "", value: (token) => (token.special ? "the model's format" : "") },
      ])
    : `${text}\n`;
  return `${body}---\n${count}\n${note === "" ? "" : `${note}\n`}`;
}
