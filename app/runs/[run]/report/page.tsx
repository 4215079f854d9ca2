import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { ReportView } from "../../../../components/report/report-view";
import { runIdSchema } from "../../../../server/contract/ids";
import { Hydrate, prefetch, trpc } from "../../../prefetch";

interface ReportPageProps {
  params: Promise<{ run: string }>;
}

export async function generateMetadata({ params }: ReportPageProps): Promise<Metadata> {
  return { title: `${(await params).run} report` };
}

export default async function ReportPage({ params }: ReportPageProps) {
  const { run } = await params;
  if (!runIdSchema.safeParse(run).success) notFound();
  await prefetch(trpc.report.page.queryOptions({ run }));
  return (
    <Hydrate>
      <ReportView key={run} id={run} />
    </Hydrate>
  );
}
