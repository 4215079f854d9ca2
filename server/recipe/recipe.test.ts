import { TRPCError } from "@trpc/server";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { presets } from "../contract";
import { useCaller } from "../test/caller";
import { useTestDatabase } from "../test/database";

const database = useTestDatabase();
const web = useCaller(database);
let sql: postgres.Sql;

beforeAll(() => {
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});
afterAll(() => sql.end());

const digits = {
  name: "digits",
  version: 1,
  description: "Digits.",
  in_shape: [1, 16, 16],
  classes: 10,
  batch_size: 16,
  parameters_limit: 300_000,
  multiply_adds_limit: 20_000_000,
  typical_seconds: 0.5,
  dataset: null,
  dataset_state: null,
  dataset_detail: null,
};
const cifar = (state: string) => ({ ...digits, name: "cifar10", in_shape: [3, 32, 32], parameters_limit: null, dataset: "cifar-10", dataset_state: state, dataset_detail: `it is ${state}` });

async function register(device: string, recipes: object[], change: { silent?: boolean } = {}) {
  const [row] = await sql<{ id: string }[]>`insert into worker (name, host, pid, device, slots, recipes, heartbeat_at)
    values ('w', 'h', 1, ${device}, 1, ${sql.json(recipes as never)}, now() - make_interval(secs => ${change.silent === true ? 600 : 0})) returning id`;
  return Number(row?.id);
}

async function problemOf(promise: Promise<unknown>) {
  const error: unknown = await promise.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof TRPCError)) throw new Error(`expected a refusal, got ${String(error)}`);
  const cause: unknown = error.cause;
  return { message: error.message, field: cause instanceof Object && "field" in cause ? cause.field : undefined };
}

const start = (set: Record<string, unknown>, preset = "quick") => web.call.run.start({ preset, set });

test("before any worker has said what it knows, any recipe is accepted and no data set is known", async () => {
  expect(await web.call.recipe.list()).toEqual([]);
  expect(await web.call.data.list()).toEqual([]);
  await web.call.run.cancel(await start({ recipe: "imagenet" }));
  expect(await problemOf(web.call.data.fetch({ dataset: "cifar-10" }))).toMatchObject({ field: "dataset", message: expect.stringMatching(/no worker has said/) as string });
});

describe("once workers have registered", () => {
  let first = 0;
  beforeAll(async () => {
    first = await register("cpu", [digits, cifar("missing"), { name: "broken" }]);
  });

  test("their recipes are listed, with what they need; an entry nobody can read is left out", async () => {
    expect(await web.call.recipe.list()).toEqual([
      expect.objectContaining({ name: "cifar10", dataset: "cifar-10", data_state: "missing", parameters_limit: null, fetch_task: null }),
      expect.objectContaining({ name: "digits", dataset: null, data_state: "ready", in_shape: [1, 16, 16] }),
    ]);
    expect(await web.call.data.list()).toEqual([{ dataset: "cifar-10", state: "missing", detail: "it is missing", recipes: ["cifar10"], fetch_task: null }]);
  });

  test("a run of an unknown recipe, or of one without its data, is refused and told what to do", async () => {
    expect(await problemOf(start({ recipe: "imagenet" }))).toEqual({ field: "recipe", message: "recipe: There is no recipe imagenet (there are: cifar10, digits)." });
    expect(await problemOf(start({ recipe: "cifar10" }))).toMatchObject({ field: "recipe", message: expect.stringMatching(/data fetch cifar-10\.$/) as string });
    await web.call.run.cancel(await start({ recipe: "digits" }));
  });

  test("data are fetched by one task, however often they are asked for", async () => {
    const [{ id }, again] = await Promise.all([web.call.data.fetch({ dataset: "cifar-10" }), web.call.data.fetch({ dataset: "cifar-10" })]);
    expect(again).toEqual({ id });
    expect(await web.call.task.get({ id })).toMatchObject({ kind: "fetch_data", state: "queued" });
    expect(await web.call.data.list()).toMatchObject([{ fetch_task: id }]);
    expect(await problemOf(start({ recipe: "cifar10" }))).toMatchObject({ message: expect.stringMatching(/being fetched now/) as string });
    await web.call.task.cancel({ id });
    expect((await web.call.data.fetch({ dataset: "cifar-10" })).id).not.toBe(id);
    expect(await problemOf(web.call.data.fetch({ dataset: "mnist" }))).toMatchObject({ field: "dataset", message: expect.stringMatching(/there are cifar-10/) as string });
  });

  test("data count as there when every running worker has them", async () => {
    const second = await register("cpu", [digits, cifar("ready")]);
    expect(await web.call.data.list()).toMatchObject([{ state: "missing", detail: "it is missing" }]);
    await sql`update worker set heartbeat_at = now() - interval '10 minutes' where id = ${first}`;
    expect(await web.call.data.list()).toMatchObject([{ state: "ready", detail: "it is ready" }]);
    await web.call.run.cancel(await start({ recipe: "cifar10" }));
    await sql`update worker set state = 'stopped', heartbeat_at = now() - interval '1 minute' where id = ${second}`;
    expect(await web.call.recipe.list(), "those of the worker seen last").toHaveLength(2);
  });

  test("the paper's preset says everything that is missing, on its card and when it is started", async () => {
    await sql`update worker set heartbeat_at = now() where id = ${first}`;
    const { presets: cards } = await web.call.run.presets();
    expect(cards.find(({ name }) => name === "starter")?.missing).toEqual([]);
    const missing = cards.find(({ name }) => name === "paper")?.missing ?? [];
    expect(missing.map(({ field }) => field)).toEqual(["recipe", "corpus_version", "generation.quantization"]);
    const { message, field } = await problemOf(start({}, "paper"));
    expect(field).toBe("recipe");
    expect(message).toMatch(/recipe: .*corpus_version: There is no corpus lemur\. generation\.quantization: 4-bit weights need a CUDA card/);
    await sql`insert into corpus (version, description, entries, sha256) values ('lemur', '', 0, '')`;
    await sql`update worker set recipes = ${sql.json([{ ...cifar("ready"), name: "cifar10-paper" }] as never)}, device = 'NVIDIA H100' where id = ${first}`;
    expect(await web.call.run.check({ config: presets.paper })).toEqual([]);
    await web.call.run.cancel(await start({}, "paper"));
  });

  test.each([
    [{ backend: "grammar" }, "model"],
    [{ backend: "grammar", model: "grammar" }, "fine_tuning"],
    [{ backend: "server" }, "server_url"],
    [{ "prompt.template": "nobody@1" }, "prompt.template"],
    [{ "prompt.template": "instruct@1" }, "prompt.template"],
    [{ corpus_version: "nobody" }, "corpus_version"],
    [{ "loop.replay_share": 1, fine_tuning: false }, "loop.replay_share"],
  ])("%j is refused, naming %s", async (set, field) => {
    expect(await problemOf(start({ recipe: "cifar10-paper", ...set }))).toMatchObject({ field });
  });

  test("the grammar needs no prompt, another model takes a chat", async () => {
    const grammar = { recipe: "cifar10-paper", backend: "grammar", model: "grammar", fine_tuning: false, "prompt.template": "nobody@1" };
    for (const set of [grammar, { recipe: "cifar10-paper", model: "org/model", "prompt.template": "instruct@1" }]) {
      await expect(start(set).then((run) => web.call.run.cancel(run))).resolves.toMatchObject({ state: "cancelled" });
    }
  });
});

test("checking a model asks a worker for what the run would use it for", async () => {
  const { id } = await web.call.model.check({
    backend: "transformers",
    model: "org/model",
    server_url: "",
    fine_tuning: false,
    generation: { quantization: "auto", batch_size: 4, max_new_tokens: 100 },
    lora: { rank: 8, target_modules: ["q_proj"], batch_size: 2 },
  });
  const [task] = await sql`select args from task where id = ${Number(id.slice(1))}`;
  expect(task?.["args"]).toEqual({ backend: "transformers", model: "org/model", server_url: "", quantization: "auto", batch_size: 4, max_new_tokens: 100, lora: null });
});
