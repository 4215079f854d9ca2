import type { Database } from "../db/client";
import { groupBy } from "../group-by";
import { listRecipes } from "../recipe/list";
import type { DataView } from "./views";

/** Data sets that the known recipes need, by name. */
export async function listData(db: Database): Promise<DataView[]> {
  const needed = (await listRecipes(db)).flatMap(({ dataset, ...recipe }) => (dataset === null ? [] : { dataset, ...recipe }));
  return [...groupBy(needed, ({ dataset }) => dataset)]
    .map(([dataset, recipes]) => ({
      dataset,
      ready: recipes.every((recipe) => recipe.data_ready),
      recipes: recipes.map(({ name }) => name),
      fetch_task: recipes[0]?.fetch_task ?? null,
    }))
    .toSorted((a, b) => a.dataset.localeCompare(b.dataset));
}
