import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { CorpusView } from "../../../components/corpus/corpus-view";
import { corpusVersionSchema } from "../../../server/contract/ids";
import { Hydrate, prefetch, trpc } from "../../prefetch";

interface CorpusVersionPageProps {
  params: Promise<{ version: string }>;
}

export async function generateMetadata({ params }: CorpusVersionPageProps): Promise<Metadata> {
  return { title: (await params).version };
}

export default async function CorpusVersionPage({ params }: CorpusVersionPageProps) {
  const { version } = await params;
  if (!corpusVersionSchema.safeParse(version).success) notFound();
  await prefetch(trpc.corpus.get.queryOptions({ version }));
  return (
    <Hydrate>
      <CorpusView key={version} version={version} />
    </Hydrate>
  );
}
