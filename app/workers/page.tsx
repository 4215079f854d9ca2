import type { Metadata } from "next";

import { WorkersView } from "../../components/worker/workers-view";
import { Hydrate, prefetch, trpc } from "../prefetch";

export const metadata: Metadata = { title: "Workers" };

export default async function WorkersPage() {
  await Promise.all([prefetch(trpc.worker.list.queryOptions()), prefetch(trpc.system.info.queryOptions())]);
  return (
    <Hydrate>
      <WorkersView />
    </Hydrate>
  );
}
