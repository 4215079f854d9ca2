import { defaultShouldDehydrateQuery, QueryClient } from "@tanstack/react-query";

/** Answers that say "your question is wrong" are not asked again. */
const finalCodes = new Set(["BAD_REQUEST", "NOT_FOUND", "CONFLICT"]);

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "data" in error && typeof error.data === "object" && error.data !== null && "code" in error.data
    ? error.data.code
    : undefined;

export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && !finalCodes.has(String(codeOf(error))),
        retryDelay: (failures) => 500 * 2 ** failures,
      },
      mutations: { retry: false },
      // A query that is still pending travels too: the page is sent at once and its answer streams in.
      dehydrate: {
        shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) || query.state.status === "pending",
        shouldRedactErrors: () => false,
      },
    },
  });
