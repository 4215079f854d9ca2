"use client";

import { useEffect, useRef } from "react";

import { readerOptions } from "./monaco";
import { PlainCode } from "./plain-code";
import { useMonaco } from "./use-monaco";
import { useWide } from "./use-wide";

interface DiffViewProps {
  original: string;
  modified: string;
  label: string;
}

/** Two programs side by side (inline where it is narrow), unchanged regions folded. */
export function DiffView({ original, modified, label }: DiffViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const { monaco, failed } = useMonaco();
  const wide = useWide();

  useEffect(() => {
    if (monaco === null || host.current === null || wide === null) return;
    const models = {
      original: monaco.editor.createModel(original, "python"),
      modified: monaco.editor.createModel(modified, "python"),
    };
    const editor = monaco.editor.createDiffEditor(host.current, {
      ...readerOptions,
      originalEditable: false,
      renderSideBySide: wide,
      hideUnchangedRegions: { enabled: true, contextLineCount: 3, minimumLineCount: 4 },
      experimental: { showMoves: true },
      renderOverviewRuler: false,
      stickyScroll: { enabled: false },
    });
    editor.getOriginalEditor().updateOptions({ ariaLabel: `${label}: the earlier program` });
    editor.getModifiedEditor().updateOptions({ ariaLabel: `${label}: this program` });
    editor.setModel(models);
    return () => {
      editor.setModel(null);
      editor.dispose();
      models.original.dispose();
      models.modified.dispose();
    };
  }, [monaco, wide, original, modified, label]);

  return (
    <div className="h-[36rem] max-h-[80dvh] min-w-0 overflow-hidden" role="group" aria-label={label}>
      {failed ? <PlainCode code={modified} /> : <div ref={host} className="h-full" />}
    </div>
  );
}
