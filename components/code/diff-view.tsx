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
  language?: "python" | "plaintext";
}

/** Two programs side by side (inline where it is narrow), unchanged regions folded. */
export function DiffView({ original, modified, label, language = "python" }: DiffViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const { monaco, failed } = useMonaco();
  const wide = useWide();

  useEffect(() => {
    if (monaco === null || host.current === null || wide === null) return;
    const models = {
      original: monaco.editor.createModel(original, language),
      modified: monaco.editor.createModel(modified, language),
    };
    const editor = monaco.editor.createDiffEditor(host.current, {
      ...readerOptions,
      originalEditable: false,
      renderSideBySide: wide,
      hideUnchangedRegions: { enabled: true, contextLineCount: 3, minimumLineCount: 4 },
      experimental: { showMoves: true },
      // Prose has no lines of its own.
      diffWordWrap: language === "plaintext" ? "on" : "off",
      renderOverviewRuler: false,
      stickyScroll: { enabled: false },
    });
    editor.getOriginalEditor().updateOptions({ ariaLabel: `${label}: left` });
    editor.getModifiedEditor().updateOptions({ ariaLabel: `${label}: right` });
    editor.setModel(models);
    return () => {
      editor.setModel(null);
      editor.dispose();
      models.original.dispose();
      models.modified.dispose();
    };
  }, [monaco, wide, original, modified, label, language]);

  return (
    <div className="h-[36rem] max-h-[80dvh] min-w-0 overflow-hidden" role="group" aria-label={label}>
      {failed ? <PlainCode code={modified} /> : <div ref={host} className="h-full" />}
    </div>
  );
}
