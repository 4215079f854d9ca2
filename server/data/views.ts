/** A data set that recipes need and that does not come with the installation. */
export interface DataView {
  dataset: string;
  /** Every running worker whose recipes need it has it. */
  ready: boolean;
  recipes: string[];
  /** The fetch that is under way: `T5`. */
  fetch_task: string | null;
}
