import type { RunDetail, RunNotice } from "../../server/run/views";
import { plural } from "../ui/format";
import { TimeAgo } from "../ui/time";
import { stopLabels } from "./labels";

/** So many of the newest are seen without a click. */
const seen = 3;

/** Why a run ended early, and what it had to say on the way, newest first. */
export function RunNotices({ run: { stopped, notices, cycles_planned: cycles } }: { run: RunDetail }) {
  if (stopped === null && notices.length === 0) return null;
  const newest = notices.toReversed();
  return (
    <section aria-label="What the run noticed" className="rounded border border-edge border-l-4 border-l-warn bg-panel px-4 py-3">
      {stopped === null ? null : (
        <p className="mb-1 font-semibold">
          It ended after {cycles} of {plural(stopped.cycles_asked, "cycle")}: {stopLabels[stopped.reason]}.
        </p>
      )}
      <Notices notices={newest.slice(0, seen)} />
      {newest.length <= seen ? null : (
        <details className="mt-1">
          <summary className="min-h-6 text-ink-soft">{newest.length - seen} earlier</summary>
          <Notices notices={newest.slice(seen)} />
        </details>
      )}
    </section>
  );
}

function Notices({ notices }: { notices: readonly RunNotice[] }) {
  return (
    <ul className="grid gap-0.5">
      {notices.map((notice, place) => (
        <li key={place} className="flex flex-wrap justify-between gap-x-4">
          <span className="min-w-0 break-words">{notice.message}</span>
          <span className="text-xs text-ink-soft">
            <TimeAgo at={notice.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}
