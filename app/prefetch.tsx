import { dehydrate, type FetchQueryOptions, HydrationBoundary, type QueryKey } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { TRPCError } from "@trpc/server";
import { notFound } from "next/navigation";
import { connection } from "next/server";
import { cache, type ReactNode } from "react";

import { makeQueryClient } from "../components/live/query-client";
import { createContext } from "../server/trpc/context";
import { appRouter } from "../server/trpc/router";

const getQueryClient = cache(makeQueryClient);

/** The same query keys as in the browser, answered in this process. */
export const trpc = createTRPCOptionsProxy({ ctx: createContext, router: appRouter, queryClient: getQueryClient });

/**
 * Asks before the page is sent, so that it arrives with its data. What cannot be answered now is asked again by the browser,
 * which also says what is wrong. Something that does not exist is a page of its own.
 */
export async function prefetch<Data, Error, Key extends QueryKey>(options: FetchQueryOptions<Data, Error, Data, Key>): Promise<void> {
  await connection();
  try {
    await getQueryClient().fetchQuery({ ...options, retry: false });
  } catch (error) {
    if (error instanceof TRPCError && error.code === "NOT_FOUND") notFound();
  }
}

export function Hydrate({ children }: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(getQueryClient())}>{children}</HydrationBoundary>;
}
