"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { type ConfigProblem, findConfigProblems, findConfigWarnings } from "../../server/contract/config-problems";
import type { RunConfig } from "../../server/contract/run-config";
import { useTRPC } from "../live/trpc";
import type { DraftResult } from "./config-draft";

/** The first of each field. */
const byPath = (found: readonly ConfigProblem[]): Record<string, string> => Object.fromEntries(found.toReversed().map(({ field, message }) => [field, message]));

/**
 * By path, what keeps a draft from being started (a field alone, two together, what is not there) and what is allowed but
 * probably not meant. `settled` is the configuration of the draft once it has stood still: the server is asked only about it.
 */
export function useConfigProblems({ config, problems }: DraftResult, settled: RunConfig | null) {
  const trpc = useTRPC();
  const unmet = useQuery(trpc.run.check.queryOptions(settled === null ? skipToken : { config: settled }));
  return useMemo(() => {
    if (config === null) return { wrong: problems, warnings: {} };
    return {
      wrong: byPath([...findConfigProblems(config), ...(settled === config ? (unmet.data ?? []) : [])]),
      warnings: byPath(findConfigWarnings(config)),
    };
  }, [config, problems, settled, unmet.data]);
}
