import type { Metadata } from "next";

import { PromptList } from "../../components/prompt/prompt-list";
import { Hydrate, prefetch, trpc } from "../prefetch";

export const metadata: Metadata = { title: "Prompts" };

export default async function PromptsPage() {
  await prefetch(trpc.prompt.list.queryOptions());
  return (
    <Hydrate>
      <PromptList />
    </Hydrate>
  );
}
