import type { Metadata } from "next";

import { ImportView } from "../../../components/corpus/import-view";
import { Hydrate, prefetch, trpc } from "../../prefetch";

export const metadata: Metadata = { title: "Import a corpus" };

export default async function ImportPage() {
  await Promise.all([
    prefetch(trpc.corpus.list.queryOptions()),
    prefetch(trpc.recipe.list.queryOptions()),
    prefetch(trpc.task.list.queryOptions({ kinds: ["check_corpus"] })),
    prefetch(trpc.system.info.queryOptions()),
  ]);
  return (
    <Hydrate>
      <ImportView />
    </Hydrate>
  );
}
