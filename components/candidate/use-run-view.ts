"use client";

/** The run page's view, in the URL: cycle, filters, order, pinned program. Defaults are left out of it. */
import {
  type Nullable,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";

import { candidateStates, outcomes } from "../../server/contract/words";
import type { RouterInputs } from "../../server/trpc/types";

type ListInput = RouterInputs["candidate"]["list"];
export type CandidateSort = NonNullable<ListInput["sort"]>;

export const candidateSorts = [
  "id",
  "accuracy",
  "report_accuracy",
  "jaccard",
  "parameters",
  "tokens",
  "train_seconds",
] as const satisfies readonly CandidateSort[];

const parsers = {
  cycle: parseAsInteger,
  /** Pinned on the wall: `1.34` = cycle 1, index 34. In another cycle nothing is pinned. */
  program: parseAsString,
  outcome: parseAsArrayOf(parseAsStringLiteral(outcomes)),
  state: parseAsStringLiteral(candidateStates),
  novel: parseAsBoolean,
  selected: parseAsBoolean,
  sort: parseAsStringLiteral(candidateSorts).withDefault("id"),
  direction: parseAsStringLiteral(["ascending", "descending"] as const).withDefault("ascending"),
};

export function useRunView() {
  return useQueryStates(parsers, { history: "replace", scroll: false });
}

export type RunViewState = ReturnType<typeof useRunView>[0];
export type SetRunView = (change: Partial<Nullable<RunViewState>>) => unknown;

/** What the list of candidates is asked for. */
export const toListInput = (run: string, view: RunViewState): ListInput => ({
  run,
  ...(view.cycle === null || view.cycle < 0 ? {} : { cycle: view.cycle }),
  ...(view.outcome === null || view.outcome.length === 0 ? {} : { outcome: view.outcome }),
  ...(view.state === null ? {} : { state: view.state }),
  ...(view.novel === null ? {} : { novel: view.novel }),
  ...(view.selected === null ? {} : { selected: view.selected }),
  sort: view.sort,
  direction: view.direction,
});
