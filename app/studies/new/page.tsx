import type { Metadata } from "next";

import { NewStudy } from "../../../components/study/new-study";
import { Hydrate, prefetch, trpc } from "../../prefetch";

export const metadata: Metadata = { title: "New study" };

export default async function NewStudyPage() {
  await Promise.all([prefetch(trpc.run.presets.queryOptions()), prefetch(trpc.system.info.queryOptions())]);
  return (
    <Hydrate>
      <NewStudy />
    </Hydrate>
  );
}
