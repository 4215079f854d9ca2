"use client";

import { useEffect, useRef } from "react";

import { classNames } from "../ui/class-names";
import { minimapLines, type Monaco, readerOptions } from "./monaco";
import { PlainCode } from "./plain-code";
import { ShikiCode } from "./shiki-code";
import { useMonaco } from "./use-monaco";
import { useWide } from "./use-wide";

export interface CodeError {
  /** 1-based line in the program. */
  line: number;
  message: string;
}

interface CodeViewProps {
  code: string;
  error?: CodeError | null;
  label: string;
  className?: string;
}

/** One finished program, for reading: Monaco where there is room, a coloured listing on a phone. */
export function CodeView({ code, error = null, label, className }: CodeViewProps) {
  const wide = useWide();
  return (
    <div className={classNames("h-[36rem] max-h-[80dvh] min-w-0 overflow-hidden", className)} role="group" aria-label={label}>
      {wide === null ? (
        <PlainCode code={code} />
      ) : wide ? (
        <MonacoCode code={code} error={error} label={label} />
      ) : (
        <ShikiCode code={code} error={error} />
      )}
    </div>
  );
}

function MonacoCode({ code, error, label }: { code: string; error: CodeError | null; label: string }) {
  const host = useRef<HTMLDivElement>(null);
  const { monaco, failed } = useMonaco();
  const editorRef = useRef<Monaco.editor.IStandaloneCodeEditor | null>(null);

  useEffect(() => {
    if (monaco === null || host.current === null) return;
    const model = monaco.editor.createModel("", "python");
    const editor = monaco.editor.create(host.current, {
      ...readerOptions,
      model,
      glyphMargin: true,
      lineNumbersMinChars: 3,
    });
    editorRef.current = editor;
    return () => {
      editorRef.current = null;
      // The editor lets go of its model first: the other order reports "TextModel got disposed".
      editor.setModel(null);
      editor.dispose();
      model.dispose();
    };
  }, [monaco]);

  useEffect(() => {
    const editor = editorRef.current;
    const model = editor?.getModel();
    if (monaco === null || editor === null || model === null || model === undefined) return;
    if (model.getValue() !== code) {
      model.setValue(code);
      editor.updateOptions({ ariaLabel: label, minimap: { enabled: model.getLineCount() > minimapLines } });
      editor.setScrollTop(0);
    }
    if (error === null || error.line > model.getLineCount()) return;
    const marks = editor.createDecorationsCollection([
      {
        range: new monaco.Range(error.line, 1, error.line, 1),
        options: {
          isWholeLine: true,
          className: "code-error-line",
          glyphMarginClassName: "code-error-glyph",
          glyphMarginHoverMessage: { value: error.message },
          hoverMessage: { value: error.message },
          overviewRuler: { color: "#a8321f", position: monaco.editor.OverviewRulerLane.Full },
        },
      },
    ]);
    editor.revealLineInCenterIfOutsideViewport(error.line);
    return () => marks.clear();
  }, [monaco, code, error, label]);

  return failed ? <PlainCode code={code} /> : <div ref={host} className="h-full">{monaco === null ? <PlainCode code={code} /> : null}</div>;
}
