"use client";

import Link from "next/link";
import { parseAsInteger, useQueryState } from "nuqs";

import type { PromptDetail, PromptVersion } from "../../server/prompt/views";
import { DiffView } from "../code/diff-view";
import { formatCount, plural } from "../ui/format";
import { Panel } from "../ui/panel";
import { TimeAgo } from "../ui/time";

interface PromptVersionsProps {
  prompt: PromptDetail;
  shown: PromptVersion;
  onShow: (version: number) => void;
}

/** All versions, who uses each, and how one differs from the one that is shown above. */
export function PromptVersions({ prompt, shown, onShow }: PromptVersionsProps) {
  const [against, setAgainst] = useQueryState("against", parseAsInteger.withOptions({ history: "replace", scroll: false }));
  const other = prompt.versions.find((one) => one.version === against && one.version !== shown.version);
  return (
    <Panel title={`Versions (${prompt.versions.length})`} bodyClassName="p-0">
      <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label="Versions">
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Saved</th>
              <th scope="col" className="number max-sm:hidden">
                Characters
              </th>
              <th scope="col">Used by</th>
              <th scope="col">
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {prompt.versions.map((version) => {
              const here = version.version === shown.version;
              return (
                <tr key={version.id} aria-current={here || undefined} className={here ? "bg-accent-soft" : "hover:bg-sunken"}>
                  <th scope="row" className="font-normal">
                    <span className="font-mono">{version.id}</span>
                    {version.archived ? <span className="ml-2 text-ink-soft">archived</span> : null}
                  </th>
                  <td className="text-ink-soft">{version.builtin ? "came with Archloom" : <TimeAgo at={version.created_at} />}</td>
                  <td className="number max-sm:hidden">{formatCount(version.system.length + version.text.length)}</td>
                  <td>
                    <Users version={version} />
                  </td>
                  <td>
                    {here ? (
                      <span className="text-ink-soft">shown above</span>
                    ) : (
                      <span className="flex gap-3">
                        <Action label="Show" of={version} onClick={() => onShow(version.version)} />
                        <Action
                          label={other === version ? "Hide differences" : "Compare"}
                          of={version}
                          onClick={() => void setAgainst(other === version ? null : version.version)}
                        />
                      </span>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {other === undefined ? null : <Differences versions={[other, shown].toSorted((one, two) => one.version - two.version)} />}
    </Panel>
  );
}

/** The older version left. */
function Differences({ versions: [older, newer] }: { versions: readonly PromptVersion[] }) {
  if (older === undefined || newer === undefined) return null;
  const label = `${older.id} against ${newer.id}`;
  return (
    <section aria-label={label} className="border-t border-edge">
      <p className="px-4 py-2 text-ink-soft">
        Left: <span className="font-mono">{older.id}</span>, right: <span className="font-mono">{newer.id}</span>, both as they are saved.
      </p>
      <DiffView original={toText(older)} modified={toText(newer)} label={label} language="plaintext" />
    </section>
  );
}

function Action({ label, of, onClick }: { label: string; of: PromptVersion; onClick: () => void }) {
  return (
    <button type="button" className="min-h-6 text-accent hover:underline" onClick={onClick}>
      {label}
      <span className="sr-only"> {of.id}</span>
    </button>
  );
}

function Users({ version }: { version: PromptVersion }) {
  if (version.run_count === 0) return <span className="text-ink-faint">no run</span>;
  const shown = version.runs.slice(0, 5);
  return (
    <span className="flex flex-wrap gap-x-2">
      {shown.map((run) => (
        <Link prefetch={false} key={run} href={`/runs/${run}`} className="font-mono text-accent hover:underline">
          {run}
        </Link>
      ))}
      {version.run_count > shown.length ? <span className="text-ink-soft">and {plural(version.run_count - shown.length, "more", "more")}</span> : null}
    </span>
  );
}

/** Both messages as one text, so that one view shows all differences. */
const toText = ({ kind, system, text }: PromptVersion): string => (kind === "plain" ? text : `[system]\n${system}\n\n[user]\n${text}`);
