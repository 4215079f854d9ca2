import type { AttemptView } from "../../server/worker/views";
import { Empty } from "../ui/states";
import { TimeAgo } from "../ui/time";
import { endingLabels, jobKindLabels } from "./labels";

/** Attempts that did not end well for reasons that are not the program's. */
export function FaultTable({ attempts }: { attempts: AttemptView[] }) {
  if (attempts.length === 0) {
    return (
      <Empty title="No fault">
        <p>Work that a worker lost, failed or gave back is listed here; it is tried again by itself.</p>
      </Empty>
    );
  }
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Recent faults">
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">Work</th>
            <th scope="col">About</th>
            <th scope="col">Ending</th>
            <th scope="col">Why</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <tr key={`${attempt.job} ${attempt.started_at}`}>
              <td>{jobKindLabels[attempt.kind]}</td>
              <td className="font-mono">{attempt.subject}</td>
              <td>{endingLabels[attempt.ending]}</td>
              <td className="max-w-72 truncate text-ink-soft" title={attempt.error ?? undefined}>
                {attempt.error ?? ""}
              </td>
              <td className="text-ink-soft">
                <TimeAgo at={attempt.ended_at ?? attempt.started_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
