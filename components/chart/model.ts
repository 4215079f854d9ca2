/** What every chart says besides its marks: the finding, one sentence with the numbers and their n, and the same data as a table. */
export interface ChartTable {
  columns: string[];
  rows: string[][];
}

export interface ChartText {
  /** The finding, not the name of the axes. */
  title: string;
  summary: string;
  table: ChartTable;
}
