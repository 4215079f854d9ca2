"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Tabs } from "radix-ui";
import type { ReactNode } from "react";

import type { CandidateDetail } from "../../server/candidate/views";
import { CodeView } from "../code/code-view";
import { DiffView } from "../code/diff-view";
import { LiveCode } from "../code/live-code";
import { PlainCode } from "../code/plain-code";
import type { ProgramStore } from "../live/program-store";
import { noveltyTestsLabels } from "../run/labels";
import { useShortcuts } from "../shell/use-shortcuts";
import { formatJaccard, formatPercent } from "../ui/format";
import { Empty } from "../ui/states";
import { EvaluationTable } from "./evaluation-table";
import { refusalLabels } from "./labels";
import { NeighbourLink } from "./neighbour-link";

const tabs = ["code", "diff", "output", "prompt", "evaluations", "answer"] as const;
type Tab = (typeof tabs)[number];

const labels: Record<Tab, string> = {
  code: "Code",
  diff: "Nearest neighbour",
  output: "Output and error",
  prompt: "Prompt",
  evaluations: "Evaluations",
  answer: "Raw answer",
};

/** Code, diff, output, prompt, evaluations, and the answer where it is more than the code; the open one is in the URL. */
export function CandidateTabs({ candidate, store }: { candidate: CandidateDetail; store: ProgramStore }) {
  const shown = tabs.filter((name) => name !== "answer" || candidate.answer !== null);
  const [chosen, setTab] = useQueryState("tab", parseAsStringLiteral(tabs).withDefault("code").withOptions({ history: "replace", scroll: false }));
  const tab = shown.includes(chosen) ? chosen : "code";
  useShortcuts(shown.map((name, place) => ({ keys: String(place + 1), label: `Tab: ${labels[name]}`, run: () => void setTab(name) })));
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) => void setTab(tabs.find((name) => name === value) ?? null)}
      className="min-w-0 overflow-hidden rounded border border-edge bg-panel"
    >
      <Tabs.List aria-label="Program" className="flex overflow-x-auto border-b border-edge px-2">
        {shown.map((name) => (
          <Tabs.Trigger
            key={name}
            value={name}
            className="min-h-10 border-b-2 border-transparent px-3 font-medium whitespace-nowrap text-ink-soft hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {labels[name]}
            {name === "evaluations" ? ` (${candidate.evaluations.length})` : name === "diff" && candidate.jaccard !== null ? ` ${formatJaccard(candidate.jaccard)}` : ""}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <TabPanel name="code">
        <Code candidate={candidate} store={store} />
      </TabPanel>
      <TabPanel name="diff">
        <Neighbour candidate={candidate} />
      </TabPanel>
      <TabPanel name="output">
        <Output candidate={candidate} />
      </TabPanel>
      <TabPanel name="prompt">
        <Prompt candidate={candidate} />
      </TabPanel>
      <TabPanel name="evaluations">
        <EvaluationTable candidate={candidate} />
      </TabPanel>
      {candidate.answer === null ? null : (
        <TabPanel name="answer">
          <Listing note="What the model wrote. The program is the code block in it; the rest is kept here and judged by nobody.">{candidate.answer}</Listing>
        </TabPanel>
      )}
    </Tabs.Root>
  );
}

function TabPanel({ name, children }: { name: Tab; children: ReactNode }) {
  return (
    <Tabs.Content value={name} className="min-h-80">
      {children}
    </Tabs.Content>
  );
}

function Code({ candidate, store }: { candidate: CandidateDetail; store: ProgramStore }) {
  if (candidate.code !== null) {
    const { error } = candidate;
    return (
      <CodeView
        code={candidate.code}
        error={error === null || error.line === null ? null : { line: error.line, message: `${error.type ?? "Error"}: ${error.message ?? ""}` }}
        label={`Code of ${candidate.id}`}
      />
    );
  }
  return candidate.state === "writing" ? (
    <div className="h-[36rem] max-h-[80dvh]">
      <LiveCode store={store} index={candidate.index} finished={null} />
    </div>
  ) : (
    <Empty title="There is no program">
      <p>It was cancelled before it was written.</p>
    </Empty>
  );
}

function Prompt({ candidate: { prompt, prompt_template: template } }: { candidate: CandidateDetail }) {
  if (template === null) {
    return (
      <Empty title="Nothing was asked">
        <p>It was drawn from a random grammar.</p>
      </Empty>
    );
  }
  return prompt === null ? (
    <Empty title="Not known yet">
      <p>The prompt is stored when the cycle's first batch is written.</p>
    </Empty>
  ) : (
    <Listing note={`Exact text that the model was given, ${template} filled in. It saw nothing else.`}>{prompt}</Listing>
  );
}

function Neighbour({ candidate }: { candidate: CandidateDetail }) {
  const { neighbour, code } = candidate;
  if (neighbour === null || code === null) {
    return (
      <Empty title="No nearest neighbour">
        <p>
          {candidate.jaccard === null
            ? "Similarity is decided when all programs of the cycle have been judged, for programs that are Python."
            : "The most similar program was deleted with its run."}
        </p>
        {candidate.twin === null ? null : (
          <p>
            <Verdict candidate={candidate} />
          </p>
        )}
      </Empty>
    );
  }
  return (
    <>
      <p className="border-b border-edge px-4 py-2">
        <strong className="font-semibold">Similarity {formatJaccard(neighbour.jaccard)}</strong>
        {neighbour.minhash_estimate === null ? "" : ` (MinHash estimate ${formatJaccard(neighbour.minhash_estimate)})`} to <NeighbourLink neighbour={neighbour} />,{" "}
        {neighbour.basis === "body" ? "on the program's own lines" : "on the whole file, because too little is left without the frame"}.
        {neighbour.accuracy === null ? "" : ` Its accuracy: ${formatPercent(neighbour.accuracy)}.`} <Verdict candidate={candidate} /> Left: the earlier program, right: this one.
      </p>
      <DiffView original={neighbour.code} modified={code} label={`${neighbour.id} against ${candidate.id}`} />
    </>
  );
}

/** What the run's tests make of it, and the structural twin if there is one. */
function Verdict({ candidate: { novel, refused_by: refused, twin, novelty_tests: tests } }: { candidate: CandidateDetail }) {
  return (
    <>
      {twin === null ? null : (
        <>
          Its structure is that of <NeighbourLink neighbour={twin} />.{" "}
        </>
      )}
      <strong className="font-semibold">{novel === null ? "Not decided yet" : refused === null ? "Novel" : `A ${refusalLabels[refused]}`}</strong>; in this run a copy
      is told by its {noveltyTestsLabels[tests]}.
    </>
  );
}

function Output({ candidate }: { candidate: CandidateDetail }) {
  const last = candidate.evaluations.findLast((evaluation) => evaluation.state === "ended");
  if (last === undefined) {
    return (
      <Empty title="No output yet">
        <p>What the program prints is kept with each evaluation.</p>
      </Empty>
    );
  }
  const error = last.error === null ? "" : [last.error.type, last.error.message].filter((part) => part !== null).join(": ");
  const place = last.error?.line === null || last.error === null ? "" : `line ${last.error.line}: `;
  return (
    <>
      {error === "" ? null : (
        <p className="border-b border-edge bg-bad-soft px-4 py-2 font-mono text-[13px] break-words whitespace-pre-wrap">
          {place}
          {error}
        </p>
      )}
      {last.output === null || last.output === "" ? (
        <Empty title="It printed nothing">
          <p>
            Of evaluation <span className="font-mono">{last.id}</span>.
          </p>
        </Empty>
      ) : (
        <Listing note={`What evaluation ${last.id} printed, cut at a fixed length.`}>{last.output}</Listing>
      )}
    </>
  );
}

function Listing({ note, children }: { note: string; children: string }) {
  return (
    <>
      <p className="border-b border-edge px-4 py-2 text-ink-soft">{note}</p>
      <div className="max-h-[36rem] overflow-auto">
        <PlainCode code={children} />
      </div>
    </>
  );
}
