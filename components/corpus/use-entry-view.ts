"use client";

import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";

import { corpusSplits } from "../../server/contract/words";

/** Filter and open entry of a corpus page, in its address. */
export const useEntryView = () =>
  useQueryStates(
    {
      q: parseAsString.withDefault(""),
      family: parseAsString,
      split: parseAsStringLiteral(corpusSplits),
      entry: parseAsInteger,
    },
    { history: "replace", scroll: false },
  );
