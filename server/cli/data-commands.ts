import type { DataView } from "../trpc/types";
import { ask } from "./api";
import type { Command } from "./command";
import { toBytes, toJson } from "./format";
import { jsonOption } from "./json-option";
import { toTable } from "./table";
import { waitForTask } from "./task-wait";

const list: Command = {
  name: "data list",
  description: "Lists the data sets that recipes need, and whether they are here.",
  options: jsonOption,
  async run(input, io) {
    const data = await ask(io, (api) => api.data.list.query());
    io.write(input.flag("json") ? toJson(data) : toDataText(data));
    return 0;
  },
};

function toDataText(data: readonly DataView[]): string {
  if (data.length === 0) return "No worker has named a data set yet: npm start\n";
  return toTable(data, [
    { title: "data set", value: (one) => one.dataset },
    { title: "state", value: (one) => (one.fetch_task === null ? one.state : `being fetched, ${one.fetch_task}`) },
    { title: "recipes", value: (one) => one.recipes.join(", ") },
    { title: "", value: (one) => one.detail ?? "" },
  ]);
}

const fetch: Command = {
  name: "data fetch",
  description: "Fetches a data set to the workers' data folder, checks it, and waits until it is there.",
  positionals: ["dataset"],
  options: jsonOption,
  async run(input, io) {
    const { id } = await ask(io, (api) => api.data.fetch.mutate({ dataset: input.positional(0) }));
    const { result } = await waitForTask(io, id, "fetch_data");
    io.write(input.flag("json") ? toJson(result) : `${result.dataset} is here: ${toBytes(result.bytes)}\n`);
    return 0;
  },
};

export const dataCommands: readonly Command[] = [list, fetch];
