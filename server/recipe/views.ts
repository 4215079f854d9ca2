export type DataState = "ready" | "missing" | "damaged";

/** What a worker said of a recipe it can evaluate under, and of the recipe's data. */
export interface RecipeView {
  name: string;
  description: string;
  /** Channels, height, width. */
  in_shape: [number, number, number];
  classes: number;
  batch_size: number;
  /** Null = no limit. */
  parameters_limit: number | null;
  multiply_adds_limit: number | null;
  /** CPU seconds of an ordinary candidate. */
  typical_seconds: number;
  /** Null = its data come with the installation. */
  dataset: string | null;
  /** Whether every running worker that offers it has its data; always `ready` without a data set. */
  data_state: DataState;
  /** Where the data are read from, or what is wrong with them and what to do, in the worker's words. */
  data_detail: string | null;
  /** The fetch of its data that is under way: `T5`. */
  fetch_task: string | null;
}
