import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { RunView } from "../../../components/run/run-view";
import { runIdSchema } from "../../../server/contract/ids";
import { Hydrate, prefetch, trpc } from "../../prefetch";

interface RunPageProps {
  params: Promise<{ run: string }>;
}

export async function generateMetadata({ params }: RunPageProps): Promise<Metadata> {
  return { title: (await params).run };
}

export default async function RunPage({ params }: RunPageProps) {
  const { run: id } = await params;
  if (!runIdSchema.safeParse(id).success) notFound();
  await prefetch(trpc.run.get.queryOptions({ id }));
  return (
    <Hydrate>
      <RunView key={id} id={id} />
    </Hydrate>
  );
}
