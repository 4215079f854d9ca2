import type { Metadata } from "next";

import { RunList } from "../../components/run/run-list";
import { Hydrate, prefetch, trpc } from "../prefetch";

export const metadata: Metadata = { title: "Runs" };

export default async function RunsPage() {
  await Promise.all([
    prefetch(trpc.run.list.queryOptions()),
    prefetch(trpc.run.presets.queryOptions()),
    prefetch(trpc.recipe.list.queryOptions()),
    prefetch(trpc.corpus.list.queryOptions()),
    prefetch(trpc.prompt.list.queryOptions()),
    prefetch(trpc.system.info.queryOptions()),
  ]);
  return (
    <Hydrate>
      <RunList />
    </Hydrate>
  );
}
