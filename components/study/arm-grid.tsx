import Link from "next/link";

import type { StudyDetail, StudyRun } from "../../server/study/views";
import { ArmSwatch } from "../chart/arm-mark";
import { RunStateLabel } from "../run/run-state";
import { notApplicable } from "../ui/format";
import { Panel } from "../ui/panel";

/** Every run of a study, by arm and seed. */
export function ArmGrid({ study }: { study: StudyDetail }) {
  return (
    <Panel title={`Runs (${study.runs})`} bodyClassName="p-0">
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Runs by arm and seed">
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">Arm</th>
              {study.seeds.map((seed) => (
                <th key={seed} scope="col">
                  seed {seed}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {study.arms.map((arm, at) => (
              <tr key={arm.name}>
                <th scope="row" className="max-w-80 min-w-40 py-2 align-top font-normal whitespace-normal">
                  <span className="font-medium">
                    <ArmSwatch arm={at} /> {arm.name}
                  </span>
                  <span className="block font-mono text-xs break-words text-ink-soft">{describeChanges(arm.changes)}</span>
                </th>
                {study.seeds.map((seed) => (
                  <td key={seed} className="py-2 align-top">
                    <RunCell run={arm.runs.find((run) => run.seed === seed)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function RunCell({ run }: { run: StudyRun | undefined }) {
  if (run === undefined) return <span title="This run has been deleted">{notApplicable}</span>;
  return (
    <Link prefetch={false} href={`/runs/${run.id}`} className="block hover:underline" title={run.error ?? run.name}>
      <span className="font-mono text-accent">{run.id}</span> <RunStateLabel state={run.state} />
      <span className="block text-xs text-ink-faint">
        {run.state === "finished" ? (run.stop_reason === "collapse" ? `collapsed in cycle ${run.cycle}` : `${run.programs_judged} programs`) : `cycle ${run.cycle + 1} of ${run.cycles_planned}`}
      </span>
    </Link>
  );
}

function describeChanges(changes: Record<string, unknown>): string {
  const entries = Object.entries(changes);
  return entries.length === 0 ? "as the base" : entries.map(([path, value]) => `${path}=${typeof value === "string" ? value : JSON.stringify(value)}`).join(" ");
}
