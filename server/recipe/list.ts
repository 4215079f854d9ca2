import { sql } from "drizzle-orm";
import { z } from "zod";

import { toTaskId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { groupBy } from "../group-by";
import { silentAfterSeconds } from "../worker/alive";
import type { RecipeView } from "./views";

const limit = z.number().nullable();

/** One entry of `worker.recipes`; what else a newer worker says of it is not needed here. */
const recipeSummarySchema = z.object({
  name: z.string(),
  description: z.string(),
  in_shape: z.tuple([z.number(), z.number(), z.number()]),
  classes: z.number(),
  batch_size: z.number(),
  parameters_limit: limit,
  multiply_adds_limit: limit,
  typical_seconds: z.number(),
  dataset: z.string().nullable(),
  dataset_state: z.enum(["ready", "missing", "damaged"]).nullable(),
  dataset_detail: z.string().nullable(),
});

/**
 * Recipes that workers have registered, by name: of the workers that run now, else of the one seen last. Empty = none has
 * ever registered any.
 */
export async function listRecipes(db: Database): Promise<RecipeView[]> {
  const workers = await readWorkers(db);
  const running = workers.filter((worker) => worker.running);
  const offered = (running.length > 0 ? running : workers.slice(0, 1)).flatMap(({ recipes }) =>
    recipes.flatMap((recipe) => recipeSummarySchema.safeParse(recipe).data ?? []),
  );
  const fetches = new Map((await readFetches(db)).map(({ dataset, task }) => [dataset, toTaskId(task)]));
  return [...groupBy(offered, ({ name }) => name).values()]
    .flatMap((same) => {
      const recipe = same.find(isNotReady) ?? same[0];
      if (recipe === undefined) return [];
      const { dataset_state: state, dataset_detail: detail, ...view } = recipe;
      return {
        ...view,
        data_state: view.dataset === null ? ("ready" as const) : (state ?? "missing"),
        data_detail: view.dataset === null ? null : detail,
        fetch_task: view.dataset === null ? null : (fetches.get(view.dataset) ?? null),
      };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

const isNotReady = ({ dataset, dataset_state: state }: z.infer<typeof recipeSummarySchema>) => dataset !== null && state !== "ready";

const readWorkers = (db: Database) =>
  selectRows<{ recipes: unknown[]; running: boolean }>(
    db,
    sql`SELECT recipes, state = 'running' AND heartbeat_at > clock_timestamp() - make_interval(secs => ${silentAfterSeconds}) AS running
      FROM worker WHERE recipes <> '[]' ORDER BY heartbeat_at DESC, id DESC LIMIT 50`,
  );

const readFetches = (db: Database) =>
  selectRows<{ dataset: string; task: number }>(
    db,
    sql`SELECT args->>'dataset' AS dataset, max(id)::int AS task FROM task
      WHERE kind = 'fetch_data' AND state IN ('queued', 'running') GROUP BY args->>'dataset'`,
  );
