import type { ConfigProblem, RunConfig } from "../contract";
import type { Database } from "../db/client";
import { listRecipes } from "./list";

const field = "recipe";

/** Why nothing can be evaluated under a run's recipe yet; null = it can, or no worker has ever said what it knows. */
export async function findRecipeProblem(db: Database, { recipe: name }: Pick<RunConfig, "recipe">): Promise<ConfigProblem | null> {
  const recipes = await listRecipes(db);
  if (recipes.length === 0) return null;
  const recipe = recipes.find((one) => one.name === name);
  if (recipe === undefined) {
    return { field, message: `There is no recipe ${name} (there are: ${recipes.map((one) => one.name).join(", ")}).` };
  }
  if (recipe.data_state === "ready") return null;
  const advice =
    recipe.fetch_task === null
      ? `fetch them on the page, or with npm run -s archloom -- data fetch ${recipe.dataset}`
      : "they are being fetched now";
  return { field, message: `The data of ${name} (${recipe.dataset}) are ${recipe.data_state}: ${advice}.` };
}
