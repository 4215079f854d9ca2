"use client";

import Link from "next/link";

import type { ComparisonSpan } from "../../server/contract/statistics";
import { writeSeeds } from "../../server/contract/study";
import type { StudyDetail } from "../../server/study/views";
import { plural } from "../ui/format";
import { TimeAgo } from "../ui/time";
import { StudyActions } from "./study-actions";
import { StudyState } from "./study-list";
import { StudyProgress } from "./study-progress";

export function StudyHeader({ study, span }: { study: StudyDetail; span: ComparisonSpan }) {
  const { base } = study;
  return (
    <header className="grid gap-3">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <p className="text-xs text-ink-soft">
            <Link href="/studies" className="hover:underline">
              Studies
            </Link>{" "}
            / <span className="font-mono">{study.id}</span>
          </p>
          <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold">
            <span className="min-w-0 break-words">{study.name}</span>
            <StudyState study={study} className="text-sm" />
          </h1>
          <p className="mt-0.5 text-ink-soft">
            {plural(study.arms.length, "arm")}
            {study.seeds.length === 0 ? "" : ` × ${study.seeds.length === 1 ? "seed" : "seeds"} ${writeSeeds(study.seeds)}`}
            {base === null ? "" : ` · ${plural(base.cycles, "cycle")} × ${base.candidates_per_cycle} · model ${base.model} · recipe ${base.recipe}`} · created{" "}
            <TimeAgo at={study.created_at} />
          </p>
        </div>
        <StudyActions study={study} span={span} />
      </div>
      {study.desired === null ? null : <StudyProgress study={study} />}
    </header>
  );
}
