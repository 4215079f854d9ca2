import type { DataState } from "../recipe/views";

/** A data set that recipes need and that does not come with the installation. */
export interface DataView {
  dataset: string;
  /** `ready` = every running worker whose recipes need it has it. */
  state: DataState;
  /** In the worker's words. */
  detail: string | null;
  recipes: string[];
  /** The fetch that is under way: `T5`. */
  fetch_task: string | null;
}
