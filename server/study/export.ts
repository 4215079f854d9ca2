import type { ComparisonSpan } from "../contract/statistics";
import type { Database } from "../db/client";
import { compareStudy } from "./compare";
import { getStudy } from "./get";
import { toCsv } from "./to-csv";
import { toMarkdown } from "./to-markdown";
import type { StudyExport } from "./views";

export const exportFormats = ["csv", "json", "markdown"] as const;
export type StudyExportFormat = (typeof exportFormats)[number];

/** The study as a file: every cycle of every arm (CSV), everything there is (JSON), or what a person reads (Markdown). */
export async function exportStudy(db: Database, id: string, span: ComparisonSpan, format: StudyExportFormat): Promise<StudyExport> {
  const study = await getStudy(db, id);
  const comparison = await compareStudy(db, id, span);
  switch (format) {
    case "csv":
      return { file: `${id}.csv`, type: "text/csv", text: toCsv(study, comparison) };
    case "markdown":
      return { file: `${id}.md`, type: "text/markdown", text: toMarkdown(study, comparison) };
    case "json": {
      const content = { format: "archloom-study-1", exported_at: new Date().toISOString(), study, comparison };
      return { file: `${id}.json`, type: "application/json", text: `${JSON.stringify(content, null, 2)}\n` };
    }
  }
}
