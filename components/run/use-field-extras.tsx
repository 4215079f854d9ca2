"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";

import type { RunConfig } from "../../server/contract/run-config";
import { useTRPC } from "../live/trpc";
import type { Draft, DraftValue } from "./config-draft";
import type { FieldOption } from "./config-field";
import { toCorpusOptions, toRecipeOptions, toTemplateOptions } from "./field-options";
import { noveltyTestsSentences } from "./labels";
import { ModelCheck } from "./model-check";
import { RecipeFacts } from "./recipe-facts";

interface FieldExtras {
  /** What there is to choose from, by path; undefined = not known, so any text is taken. */
  options: Record<string, FieldOption[] | undefined>;
  /** What is shown below a field, by path. */
  extras: Record<string, ReactNode>;
}

const linkClass = "text-accent underline underline-offset-2";

/** What the form knows beyond the configuration's schema: recipes, corpora, templates and the model that are there. */
export function useFieldExtras(draft: Draft, config: RunConfig | null, change: (path: string, value: DraftValue) => void): FieldExtras {
  const trpc = useTRPC();
  const recipes = useQuery(trpc.recipe.list.queryOptions()).data ?? [];
  const corpora = useQuery(trpc.corpus.list.queryOptions()).data ?? [];
  const prompts = useQuery(trpc.prompt.list.queryOptions()).data ?? [];
  const recipe = recipes.find((one) => one.name === draft["recipe"]);
  const corpus = corpora.find((one) => one.version === draft["corpus_version"]);
  const [template = "", version] = String(draft["prompt.template"] ?? "").split("@");
  return {
    options: {
      recipe: recipes.length === 0 ? undefined : toRecipeOptions(recipes),
      corpus_version: corpora.length === 0 ? undefined : toCorpusOptions(corpora),
      "prompt.template": prompts.length === 0 ? undefined : toTemplateOptions(prompts),
    },
    extras: {
      "generation.quantization": <ModelCheck config={config} onTargets={(modules) => change("lora.target_modules", modules)} />,
      recipe: recipe === undefined ? null : <RecipeFacts key={recipe.name} recipe={recipe} />,
      corpus_version: (
        <p className="mt-1 text-xs">
          {corpus === undefined ? "" : `${corpus.description} `}
          <Link href="/corpus" className={linkClass}>
            Import another
          </Link>
        </p>
      ),
      "prompt.template": (
        <p className="mt-1 text-xs">
          <Link href={`/prompts/${template}${version === undefined ? "" : `?version=${version}`}`} className={linkClass}>
            Read, edit or preview it
          </Link>
        </p>
      ),
      "novelty.tests": config === null ? null : <p className="mt-1 text-xs text-ink-soft">{noveltyTestsSentences[config.novelty.tests]}</p>,
    },
  };
}
