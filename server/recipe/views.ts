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
  /** Whether every running worker that offers it has its data; always true without a data set. */
  data_ready: boolean;
  /** The fetch of its data that is under way: `T5`. */
  fetch_task: string | null;
}
