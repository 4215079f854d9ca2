import type { Metadata } from "next";

import { StudyList } from "../../components/study/study-list";
import { Hydrate, prefetch, trpc } from "../prefetch";

export const metadata: Metadata = { title: "Studies" };

export default async function StudiesPage() {
  await Promise.all([prefetch(trpc.study.list.queryOptions()), prefetch(trpc.system.info.queryOptions())]);
  return (
    <Hydrate>
      <StudyList />
    </Hydrate>
  );
}
