/** A report as a reader meets it: sections of blocks of plain text. The screen, the file and the Markdown differ only in dress. */
import type { Drawing, LegendEntry } from "./charts/drawing";

export interface ReportColumn {
  title: string;
  /** Stands right, in figures of one width. */
  number?: boolean;
}

export interface ReportTable {
  columns: ReportColumn[];
  rows: string[][];
}

export type ReportBlock =
  | { kind: "text"; text: string }
  | { kind: "list"; items: string[] }
  | { kind: "facts"; facts: { label: string; value: string }[] }
  | { kind: "table"; caption: string; table: ReportTable }
  /** `folded`: long, and not what most readers came for. */
  | { kind: "code"; caption: string; text: string; language: "python" | "sh" | "text"; folded: boolean }
  | {
      kind: "chart";
      title: string;
      /** The finding in numbers with their n: what a reader knows who does not see the picture. */
      summary: string;
      legend: LegendEntry[];
      drawing: Drawing;
      table: ReportTable;
    };

export interface ReportSection {
  /** Of the heading, for links: `results`. */
  id: string;
  title: string;
  blocks: ReportBlock[];
}

export interface ReportPage {
  /** `R7`. */
  run: string;
  title: string;
  /** What was run, in one sentence. */
  lead: string;
  /** Said before anything else; null = the run finished as planned. */
  standing: string | null;
  sections: ReportSection[];
  /** When and by what it was made. */
  colophon: string;
}
