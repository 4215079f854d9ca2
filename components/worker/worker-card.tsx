import { Check, CircleCheck, CircleX, ShieldAlert, ShieldCheck, ShieldOff, TriangleAlert, X } from "lucide-react";
import type { ReactNode } from "react";

import type { WorkerView } from "../../server/worker/views";
import { classNames } from "../ui/class-names";
import { formatBytes, formatDuration, notApplicable, plural } from "../ui/format";
import { Panel } from "../ui/panel";
import { TimeAgo } from "../ui/time";
import { protectionLabels, protectionSentences, workerStateLabels } from "./labels";

const shields = {
  full: { icon: ShieldCheck, color: "text-good" },
  reduced: { icon: ShieldAlert, color: "text-warn" },
  none: { icon: ShieldOff, color: "text-bad" },
};

/** One worker: is it alive, what does each slot do, how is it protected, which versions. */
export function WorkerCard({ worker }: { worker: WorkerView }) {
  const shield = worker.protection_level === null ? null : shields[worker.protection_level];
  return (
    <Panel
      title={
        <span className="flex flex-wrap items-baseline gap-x-3">
          {worker.name}
          <span className="font-normal text-ink-soft">
            {worker.host}, process {worker.pid}, {worker.device}
          </span>
        </span>
      }
      actions={<Pulse worker={worker} />}
    >
      <div className="grid gap-x-8 gap-y-5 lg:grid-cols-[1fr_1.4fr_1fr]">
        <div>
          <h3 className="mb-1.5 font-semibold">
            Now <span className="font-normal text-ink-soft">({plural(worker.slots, "slot")}, {plural(worker.leased, "job")} under way)</span>
          </h3>
          <Pairs entries={Object.entries(worker.activity)} empty="Nothing reported yet" />
          <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
            <Pair label="Memory">{worker.memory_bytes === null ? notApplicable : `${formatBytes(worker.memory_bytes)} (PSS)`}</Pair>
            <Pair label="Processor">{worker.cpu_share === null ? notApplicable : `${worker.cpu_share.toFixed(1)} cores`}</Pair>
            <Pair label="Since">
              <TimeAgo at={worker.started_at} />
            </Pair>
          </dl>
        </div>
        <div>
          <h3 className="mb-1.5 flex items-center gap-1.5 font-semibold">
            {shield === null || worker.protection_level === null ? (
              "Protection not tested yet"
            ) : (
              <>
                <shield.icon aria-hidden className={classNames("size-4", shield.color)} />
                {protectionLabels[worker.protection_level]}
              </>
            )}
          </h3>
          {worker.protection_level === null ? null : <p className="mb-2 text-ink-soft">{protectionSentences[worker.protection_level]}</p>}
          <ul className="grid gap-1">
            {worker.protection_checks?.map((check) => (
              <li key={check.name} className="flex gap-2">
                {check.passed ? <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-good" /> : <X aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />}
                <span className="min-w-0 break-words">
                  {check.name.replaceAll("_", " ")}
                  <span className="sr-only">: {check.passed ? "passed" : "failed"}</span>
                  {check.detail === "" ? null : <span className="ml-1.5 text-xs text-ink-soft">{check.detail}</span>}
                </span>
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h3 className="mb-1.5 font-semibold">Versions</h3>
          <Pairs entries={Object.entries(worker.versions)} empty="Not reported yet" />
        </div>
      </div>
    </Panel>
  );
}

function Pulse({ worker }: { worker: WorkerView }) {
  if (worker.state !== "running") {
    return (
      <span className="flex items-center gap-1.5 text-ink-soft">
        <CircleX aria-hidden className="size-4" />
        {workerStateLabels[worker.state]} {worker.ended_at === null ? null : <TimeAgo at={worker.ended_at} />}
      </span>
    );
  }
  const age = formatDuration(worker.heartbeat_age_seconds);
  return worker.silent ? (
    <span className="flex items-center gap-1.5 font-medium text-warn">
      <TriangleAlert aria-hidden className="size-4" />
      silent, last heartbeat {age} ago
    </span>
  ) : (
    <span className="flex items-center gap-1.5 text-good">
      <CircleCheck aria-hidden className="size-4" />
      running, heartbeat {age} ago
    </span>
  );
}

function Pairs({ entries, empty }: { entries: [string, string][]; empty: string }) {
  if (entries.length === 0) return <p className="text-ink-soft">{empty}</p>;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
      {entries.map(([name, text]) => (
        <Pair key={name} label={name.replaceAll("_", " ")}>
          {text}
        </Pair>
      ))}
    </dl>
  );
}

function Pair({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
