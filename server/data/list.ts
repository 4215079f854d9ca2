import type { Database } from "../db/client";
import { groupBy } from "../group-by";
import { listRecipes } from "../recipe/list";
import type { DataView } from "./views";

/** Data sets that the known recipes need, by name. */
export async function listData(db: Database): Promise<DataView[]> {
  const needed = (await listRecipes(db)).flatMap(({ dataset, ...recipe }) => (dataset === null ? [] : { dataset, ...recipe }));
  return [...groupBy(needed, ({ dataset }) => dataset)]
    .flatMap(([dataset, recipes]) => {
      const worst = recipes.find((recipe) => recipe.data_state !== "ready") ?? recipes[0];
      if (worst === undefined) return [];
      const { data_state: state, data_detail: detail, fetch_task } = worst;
      return { dataset, state, detail, recipes: recipes.map(({ name }) => name), fetch_task };
    })
    .toSorted((a, b) => a.dataset.localeCompare(b.dataset));
}
