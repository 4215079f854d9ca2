import type { Drawing, LegendEntry, Shape } from "./charts/drawing";
import { escapeHtml as escape } from "./escape-html";
import { style } from "./html-style";
import type { ReportBlock, ReportPage, ReportSection, ReportTable } from "./page";

/**
 * The report as one file that opens without any network and runs nothing: style and pictures are in it, and its policy forbids
 * the rest. Everything that comes from outside goes through `escapeHtml`.
 */
export function toHtml(page: ReportPage): string {
  const links = page.sections.map(({ id, title }) => `<li><a href="#${id}">${escape(title)}</a></li>`).join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${escape(page.title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escape(page.title)}</h1>
<p class="lead">${escape(page.lead)}</p>
${page.standing === null ? "" : `<p class="standing" role="note"><strong>Read first.</strong> ${escape(page.standing)}</p>`}
<nav aria-label="Sections"><ul>${links}</ul></nav>
</header>
<main>
${page.sections.map(toSection).join("\n")}
</main>
<footer><p>${escape(page.colophon)}</p></footer>
</body>
</html>
`;
}

const toSection = ({ id, title, blocks }: ReportSection): string => `<section id="${id}" aria-label="${escape(title)}">\n<h2>${escape(title)}</h2>\n${toBlocks(blocks)}\n</section>`;

/** Pictures that follow each other stand side by side where there is room. */
function toBlocks(blocks: readonly ReportBlock[]): string {
  return blocks
    .map((block, at) => {
      if (block.kind !== "chart") return toBlock(block);
      const opens = blocks[at - 1]?.kind === "chart" ? "" : '<div class="charts">';
      return `${opens}${toBlock(block)}${blocks[at + 1]?.kind === "chart" ? "" : "</div>"}`;
    })
    .join("\n");
}

function toBlock(block: ReportBlock): string {
  switch (block.kind) {
    case "text":
      return `<p>${escape(block.text)}</p>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${escape(item)}</li>`).join("")}</ul>`;
    case "facts":
      return `<dl>${block.facts.map(({ label, value }) => `<div><dt>${escape(label)}</dt><dd>${escape(value)}</dd></div>`).join("")}</dl>`;
    case "table":
      return `<figure>\n<figcaption>${escape(block.caption)}</figcaption>\n${toTable(block.table, block.caption)}\n</figure>`;
    case "code":
      return toCode(block);
    case "chart":
      return toChart(block);
  }
}

function toTable({ columns, rows }: ReportTable, label: string): string {
  const kind = (at: number) => (columns[at]?.number === true ? ' class="number"' : "");
  const head = columns.map(({ title }, at) => `<th scope="col"${kind(at)}>${escape(title)}</th>`).join("");
  const cell = (text: string, at: number) => (at === 0 ? `<th scope="row"${kind(at)}>${escape(text)}</th>` : `<td${kind(at)}>${escape(text)}</td>`);
  const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("\n");
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escape(label)}, a table"><table><thead><tr>${head}</tr></thead>\n<tbody>${body}</tbody></table></div>`;
}

function toCode({ caption, text, folded }: Extract<ReportBlock, { kind: "code" }>): string {
  // A browser drops one line feed after <pre>.
  const code = `<pre tabindex="0" aria-label="${escape(caption)}"><code>${text.startsWith("\n") ? "\n" : ""}${escape(text)}</code></pre>`;
  return folded ? `<details><summary>${escape(caption)}</summary>${code}</details>` : `<figure><figcaption>${escape(caption)}</figcaption>${code}</figure>`;
}

function toChart({ title, summary, legend, drawing, table }: Extract<ReportBlock, { kind: "chart" }>): string {
  return `<figure class="chart">
<figcaption>${escape(title)}</figcaption>
<ul class="legend">${legend.map(toLegendEntry).join("")}</ul>
${toSvg(drawing, `${title}. ${summary}`)}
<p class="summary">${escape(summary)}</p>
<details><summary>The same as a table</summary>${toTable(table, title)}</details>
</figure>`;
}

const toLegendEntry = ({ look, label }: LegendEntry): string => `<li class="${look}">${escape(label)}</li>`;

const toSvg = ({ width, height, shapes }: Drawing, label: string): string =>
  `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(label)}">\n${shapes.map(toElement).join("\n")}\n</svg>`;

function toElement({ tag, attributes, text, title }: Shape): string {
  const written = Object.entries(attributes)
    .map(([name, value]) => ` ${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}="${escape(String(value))}"`)
    .join("");
  const inside = `${title === undefined ? "" : `<title>${escape(title)}</title>`}${escape(text ?? "")}`;
  return inside === "" ? `<${tag}${written} />` : `<${tag}${written}>${inside}</${tag}>`;
}
