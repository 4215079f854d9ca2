import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { PromptView } from "../../../components/prompt/prompt-view";
import { promptNameSchema } from "../../../server/contract/ids";
import { Hydrate, prefetch, trpc } from "../../prefetch";

interface PromptPageProps {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: PromptPageProps): Promise<Metadata> {
  return { title: (await params).name };
}

export default async function PromptPage({ params }: PromptPageProps) {
  const { name } = await params;
  if (!promptNameSchema.safeParse(name).success) notFound();
  await Promise.all([prefetch(trpc.prompt.get.queryOptions({ name })), prefetch(trpc.recipe.list.queryOptions())]);
  return (
    <Hydrate>
      <PromptView key={name} name={name} />
    </Hydrate>
  );
}
