import type { Metadata } from "next";

import { CorpusList } from "../../components/corpus/corpus-list";
import { Hydrate, prefetch, trpc } from "../prefetch";

export const metadata: Metadata = { title: "Corpus" };

export default async function CorpusPage() {
  await prefetch(trpc.corpus.list.queryOptions());
  return (
    <Hydrate>
      <CorpusList />
    </Hydrate>
  );
}
