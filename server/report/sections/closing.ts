import { listHouseRules } from "../differences";
import { moment } from "../format";
import type { ReportBlock, ReportSection } from "../page";
import type { Report } from "../views";

/** What the run itself had to say; no section where it said nothing. */
export function toNotices({ notices }: Report): ReportSection[] {
  if (notices.length === 0) return [];
  return [{ id: "notices", title: "Notices of the run", blocks: [{ kind: "list", items: notices.map(({ message, at }) => `${moment(at)}: ${message}`) }] }];
}

export function toDifferences({ config, differences }: Report): ReportSection {
  const settings: ReportBlock =
    differences.length === 0
      ? { kind: "text", text: "Every setting is that of the preset paper." }
      : {
          kind: "table",
          caption: "Settings that differ from the preset paper, which holds what the paper says of its own",
          table: { columns: [{ title: "what" }, { title: "preset paper" }, { title: "this run" }], rows: differences.map(({ aspect, paper: there, here }) => [aspect, there, here]) },
        };
  return {
    id: "differences",
    title: "What differs from the paper",
    blocks: [settings, { kind: "text", text: "And in every run of Archloom:" }, { kind: "list", items: listHouseRules(config) }],
  };
}

export function toReproduction({ config, corpus, recipe, command }: Report): ReportSection {
  const needs = [
    `corpus ${config.corpus_version}${corpus === null ? "" : ` (SHA-256 ${corpus.sha256})`}`,
    `prompt template ${config.prompt.template}`,
    `model ${config.model}`,
    ...(recipe?.dataset == null ? [] : [`data set ${recipe.dataset}`]),
  ];
  return {
    id: "reproduce",
    title: "How to run it again",
    blocks: [
      { kind: "code", caption: "In a checkout of Archloom, with npm start running", text: command, language: "sh", folded: false },
      { kind: "text", text: `It needs ${needs.join(", ")}, each under the same name. The same machine with the same versions writes the same programs and finds the same accuracies; another one differs as another seed would.` },
    ],
  };
}
