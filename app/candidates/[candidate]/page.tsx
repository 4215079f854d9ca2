import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { CandidateView } from "../../../components/candidate/candidate-view";
import { candidateIdSchema } from "../../../server/contract/ids";
import { Hydrate, prefetch, trpc } from "../../prefetch";

interface CandidatePageProps {
  params: Promise<{ candidate: string }>;
}

export async function generateMetadata({ params }: CandidatePageProps): Promise<Metadata> {
  return { title: (await params).candidate };
}

export default async function CandidatePage({ params }: CandidatePageProps) {
  const { candidate: id } = await params;
  if (!candidateIdSchema.safeParse(id).success) notFound();
  await prefetch(trpc.candidate.get.queryOptions({ id }));
  return (
    <Hydrate>
      <CandidateView id={id} />
    </Hydrate>
  );
}
