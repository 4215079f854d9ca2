"use client";

import { useEffect, useRef } from "react";

import type { ProgramStore } from "../live/program-store";
import { type Monaco, readerOptions } from "./monaco";
import { useMonaco } from "./use-monaco";
import { useWide } from "./use-wide";

interface LiveCodeProps {
  store: ProgramStore;
  index: number;
  /** The finished program, once it is known; it outranks what the stream carried. */
  finished: string | null;
}

/** Follow the end only while the reader is within this many pixels of it. */
const nearEndPx = 60;

/**
 * One program as it is written. The editor and its model live as long as the wall; a token is an edit at the end, another
 * program is one replacement of the text, so nothing flickers and a selection stays where it is.
 */
export function LiveCode({ store, index, finished }: LiveCodeProps) {
  const wide = useWide();
  if (wide === null) return <div className="h-full" />;
  return wide ? (
    <LiveMonaco store={store} index={index} finished={finished} />
  ) : (
    <LivePlain store={store} index={index} finished={finished} />
  );
}

const textOf = ({ store, index, finished }: LiveCodeProps): string => finished ?? store.get(index)?.text ?? "";

function LiveMonaco(props: LiveCodeProps) {
  const host = useRef<HTMLDivElement>(null);
  const { monaco, failed } = useMonaco();
  const editorRef = useRef<Monaco.editor.IStandaloneCodeEditor | null>(null);

  useEffect(() => {
    if (monaco === null || host.current === null) return;
    const model = monaco.editor.createModel("", "python");
    const editor = monaco.editor.create(host.current, {
      ...readerOptions,
      model,
      ariaLabel: "Program being written",
      minimap: { enabled: false },
      folding: false,
      stickyScroll: { enabled: false },
      lineNumbersMinChars: 3,
    });
    editorRef.current = editor;
    return () => {
      editorRef.current = null;
      editor.setModel(null);
      editor.dispose();
      model.dispose();
    };
  }, [monaco]);

  const { store, index, finished } = props;
  useEffect(() => {
    const editor = editorRef.current;
    const model = editor?.getModel();
    if (monaco === null || editor === null || model === null || model === undefined) return;
    const show = (): void => {
      const next = textOf({ store, index, finished });
      const shown = model.getValue();
      if (next === shown) return;
      const follows = editor.getScrollTop() + editor.getLayoutInfo().height >= editor.getScrollHeight() - nearEndPx;
      if (shown !== "" && next.startsWith(shown)) {
        const end = model.getFullModelRange().getEndPosition();
        model.applyEdits([{ range: monaco.Range.fromPositions(end), text: next.slice(shown.length) }]);
        if (follows) editor.revealLine(model.getLineCount(), monaco.editor.ScrollType.Immediate);
      } else {
        model.setValue(next);
        if (store.get(index)?.state === "writing") editor.revealLine(model.getLineCount(), monaco.editor.ScrollType.Immediate);
      }
    };
    show();
    return store.subscribe(index, show);
  }, [monaco, store, index, finished]);

  return failed ? <LivePlain {...props} /> : <div ref={host} className="h-full" />;
}

function LivePlain({ store, index, finished }: LiveCodeProps) {
  const host = useRef<HTMLPreElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const show = (): void => {
      const next = textOf({ store, index, finished });
      if (element.textContent === next) return;
      const follows = element.scrollTop + element.clientHeight >= element.scrollHeight - nearEndPx;
      element.textContent = next;
      if (follows) element.scrollTop = element.scrollHeight;
    };
    show();
    return store.subscribe(index, show);
  }, [store, index, finished]);
  return <pre ref={host} tabIndex={0} aria-label="Program being written" className="h-full overflow-auto px-3 py-2 font-mono text-xs leading-5 whitespace-pre" />;
}
