import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { StudyView } from "../../../components/study/study-view";
import { studyIdSchema } from "../../../server/contract/ids";
import { Hydrate, prefetch, trpc } from "../../prefetch";

interface StudyPageProps {
  params: Promise<{ study: string }>;
}

export async function generateMetadata({ params }: StudyPageProps): Promise<Metadata> {
  return { title: (await params).study };
}

export default async function StudyPage({ params }: StudyPageProps) {
  const { study: id } = await params;
  if (!studyIdSchema.safeParse(id).success) notFound();
  await prefetch(trpc.study.get.queryOptions({ id }));
  return (
    <Hydrate>
      <StudyView key={id} id={id} />
    </Hydrate>
  );
}
