"use client";

import Link from "next/link";
import { createParser, useQueryState } from "nuqs";

import { taskIdSchema } from "../../server/contract/ids";
import { DocumentTitle } from "../shell/document-title";
import { CheckView } from "./check-view";
import { RecentChecks } from "./recent-checks";
import { SourceForm } from "./source-form";

const taskParser = createParser({ parse: (text) => taskIdSchema.safeParse(text).data ?? null, serialize: String });

/** From a source to a corpus: choose, check, read what is wrong, name it. The check is in the address, so a reload goes on. */
export function ImportView() {
  const [check, setCheck] = useQueryState("check", taskParser.withOptions({ history: "push" }));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <DocumentTitle title="Import a corpus" />
      <header>
        <p className="text-xs text-ink-soft">
          <Link href="/corpus" className="hover:underline">
            Corpus
          </Link>{" "}
          / import
        </p>
        <h1 className="text-xl font-semibold">Import a corpus</h1>
        <p className="mt-0.5 max-w-prose text-ink-soft">
          Everything is checked first, and nothing is imported before you have seen what was found. Code is built in the worker&rsquo;s jail, never here.
        </p>
      </header>
      {check === null ? (
        <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_24rem] xl:items-start">
          <SourceForm onCheck={(id) => void setCheck(id)} />
          <RecentChecks />
        </div>
      ) : (
        <CheckView key={check} id={check} onLeave={() => void setCheck(null)} />
      )}
    </div>
  );
}
