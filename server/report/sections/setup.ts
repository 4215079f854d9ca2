import type { NoveltyTests } from "../../contract";
import { count, moment, nothing, plural, tellValue } from "../format";
import type { ReportBlock, ReportSection } from "../page";
import type { Report } from "../views";

const deciding: Record<NoveltyTests, (threshold: number) => string> = {
  text: (threshold) => `the text: a program is a copy when its Jaccard similarity to an earlier one is ${threshold} or more`,
  structure: () => "the structure: a program is a copy when its traced graph is that of an earlier one, whatever the names",
  text_and_structure: (threshold) => `text and structure: a program is a copy when its Jaccard similarity to an earlier one is ${threshold} or more, or its traced graph is that of an earlier one`,
};

/** What the run was: everything that was decided before it began. */
export function toSetup(report: Report): ReportSection {
  return {
    id: "setup",
    title: "What was run",
    blocks: [{ kind: "facts", facts: toFacts(report) }, ...toPrompt(report), toConfiguration(report)],
  };
}

function toFacts({ run, config, corpus, recipe }: Report) {
  const { novelty, lora, loop } = config;
  const shape = recipe === null ? "" : ` (${recipe.description.replace(/\.$/, "")}; images of ${recipe.in_shape.join("x")}, ${plural(recipe.classes, "class", "classes")})`;
  const tuning = config.fine_tuning
    ? `LoRA rank ${lora.rank}, alpha ${lora.alpha}, dropout ${lora.dropout}, learning rate ${lora.learning_rate} (${lora.schedule}), a ${loop.adapter === "fresh" ? "fresh adapter after each cycle" : "continued adapter"}`
    : "off: every cycle is written by the base model";
  return [
    { label: "Run", value: `${run.id}, ${run.name}` },
    { label: "State", value: run.state },
    { label: "Created, started, ended", value: [run.created_at, run.started_at, run.ended_at].map(moment).join(", ") },
    ...(run.study === null ? [] : [{ label: "Part of study", value: `${run.study.id}, arm ${run.study.arm}` }]),
    ...(run.source_run === null ? [] : [{ label: "Started again from", value: run.source_run }]),
    { label: "Size", value: `${plural(run.cycles_planned, "cycle")} of ${plural(config.candidates_per_cycle, "program")}` },
    { label: "Model and backend", value: config.backend === "grammar" ? "random grammar, no model" : `${config.model}, ${config.backend}${config.server_url === "" ? "" : ` at ${config.server_url}`}` },
    { label: "Fine-tuning", value: tuning },
    { label: "Recipe", value: `${config.recipe}${shape}` },
    { label: "Corpus", value: corpus === null ? `${config.corpus_version}, which is not here any more` : `${corpus.version}: ${plural(corpus.entries, "network")}, SHA-256 ${corpus.sha256}` },
    { label: "Novelty is decided by", value: `${deciding[novelty.tests](novelty.threshold)}${novelty.filter ? "" : ". The filter is off: copies may win and be trained on"}` },
    { label: "Seeds", value: `run ${config.seed} (what is written and trained), evaluation ${config.evaluation_seed} (each network's first weights and order of images)` },
  ];
}

function toPrompt({ config, prompt, prompt_sent: sent }: Report): ReportBlock[] {
  if (config.backend === "grammar") return [];
  const { template, novelty_wishes: wishes } = config.prompt;
  const stored = prompt === null ? null : [prompt.system, prompt.text].filter((part) => part !== "").join("\n\n");
  return [
    stored === null
      ? { kind: "text", text: `The prompt template ${template} is not here any more.` }
      : toText(`Prompt template ${template}${prompt?.system ? " (system message, then user message)" : ""}`, stored),
    ...(wishes === "" ? [] : [toText("Its novelty wishes", wishes)]),
    ...(sent === null || sent === stored ? [] : [toText("Exactly what the programs of cycle 0 were prompted with", sent)]),
  ];
}

const toText = (caption: string, text: string): ReportBlock => ({ kind: "code", caption, text, language: "text", folded: text.length > 600 });

function toConfiguration({ config, fields }: Report): ReportBlock {
  const changed = fields.filter(({ preset }) => preset !== null).length;
  const difference = changed === 0 ? `as the preset ${config.preset} has it` : `${count(changed)} ${changed === 1 ? "field differs" : "fields differ"} from the preset ${config.preset}`;
  return {
    kind: "table",
    caption: `The configuration in full: ${difference}`,
    table: {
      columns: [{ title: "field" }, { title: "value" }, { title: "preset, where it differs" }],
      rows: fields.map(({ path, value, preset }) => [path, tellValue(value), preset === null ? nothing : tellValue(preset.value)]),
    },
  };
}
