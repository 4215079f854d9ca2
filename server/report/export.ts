import type { ReportFormat } from "../contract";
import type { Database } from "../db/client";
import { composeReport } from "./compose";
import { getReport } from "./get";
import { toHtml } from "./to-html";
import { toMarkdown } from "./to-markdown";

/** A report as a file: to be read (HTML, Markdown) or computed with (JSON: every figure). Throws `not_found`. */
export async function exportReport(db: Database, run: string, format: ReportFormat): Promise<{ name: string; type: string; text: string }> {
  const report = await getReport(db, run);
  switch (format) {
    case "html":
      return { name: `${run}-report.html`, type: "text/html; charset=utf-8", text: toHtml(composeReport(report)) };
    case "markdown":
      return { name: `${run}-report.md`, type: "text/markdown; charset=utf-8", text: toMarkdown(composeReport(report)) };
    case "json":
      return { name: `${run}-report.json`, type: "application/json", text: `${JSON.stringify(report, null, 2)}\n` };
  }
}
