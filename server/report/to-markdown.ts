import { escapeHtml } from "./escape-html";
import type { ReportBlock, ReportPage, ReportTable } from "./page";

/** More lines than this hide what follows: the table of a picture is folded then. */
const shownRows = 8;

/** The report as Markdown as GitHub reads it: tables, folded parts, and instead of each picture its sentence and its table. */
export function toMarkdown(page: ReportPage): string {
  return [
    `# ${escape(page.title)}`,
    ...(page.standing === null ? [] : [`> **Read first.** ${escape(page.standing)}`]),
    escapeLine(page.lead),
    ...page.sections.flatMap(({ title, blocks }) => [`## ${escape(title)}`, ...blocks.map(toBlock)]),
    "---",
    escapeLine(page.colophon),
  ]
    .join("\n\n")
    .concat("\n");
}

function toBlock(block: ReportBlock): string {
  switch (block.kind) {
    case "text":
      return escapeLine(block.text);
    case "list":
      return block.items.map((item) => `- ${escapeLine(item)}`).join("\n");
    case "facts":
      return block.facts.map(({ label, value }) => `- **${escape(label)}:** ${escape(value)}`).join("\n");
    case "table":
      return `**${escape(block.caption)}**\n\n${toTable(block.table)}`;
    case "code":
      return block.folded ? fold(block.caption, fence(block.text, block.language)) : `${escapeLine(block.caption)}:\n\n${fence(block.text, block.language)}`;
    case "chart": {
      const table = toTable(block.table);
      const text = `### ${escape(block.title)}\n\n${escapeLine(block.summary)}`;
      return block.table.rows.length === 0 ? text : `${text}\n\n${block.table.rows.length > shownRows ? fold("As a table", table) : table}`;
    }
  }
}

function toTable({ columns, rows }: ReportTable): string {
  const rule = columns.map(({ number }) => (number === true ? "---:" : "---"));
  return [columns.map(({ title }) => escape(title)), rule, ...rows.map((row) => row.map(escape))].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The empty lines let what is inside be read as Markdown again; the title is read as HTML. */
const fold = (title: string, inside: string): string => `<details><summary>${escapeHtml(title)}</summary>\n\n${inside}\n\n</details>`;

/** A fence longer than any run of backticks in the text cannot be closed by it. */
function fence(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${language}\n${text}${text.endsWith("\n") ? "" : "\n"}${marks}`;
}

/** One line of plain text: whatever would begin markup, a tag, a formula or a cell is written as itself. */
const escape = (text: string): string => text.replaceAll(/\s*\n\s*/g, " ").replaceAll(/[\\`*_[\]<>|~$&]/g, String.raw`\$&`);

/** The same where a line begins: no heading, list or rule. */
const escapeLine = (text: string): string => escape(text).replace(/^\s*(?=[-+#=])/, "\\").replace(/^\s*(\d+)(?=[.)])/, "$1\\");
