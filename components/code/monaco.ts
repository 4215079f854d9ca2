/**
 * Monaco, loaded once and only when a reader needs it: the bare editor, Python's colours and the features of a reader.
 * The language services (megabytes of workers) stay out.
 */
import type * as Monaco from "monaco-editor/editor/editor.api";

export type { Monaco };
export type MonacoApi = typeof Monaco;

let loading: Promise<MonacoApi> | undefined;

export function loadMonaco(): Promise<MonacoApi> {
  loading ??= import("./monaco-setup").then(({ monaco }) => monaco);
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

export const themeName = (resolvedTheme: string | undefined): string =>
  resolvedTheme === "dark" ? "archloom-dark" : "archloom-light";

/** Settings of every editor here: for reading, by mouse, keyboard and screen reader. */
export const readerOptions: Monaco.editor.IEditorOptions & Monaco.editor.IGlobalEditorOptions = {
  readOnly: true,
  // Without it a phone's keyboard opens on touch (microsoft/monaco-editor#1143).
  domReadOnly: true,
  // Tab leaves the editor instead of being swallowed by it.
  tabFocusMode: true,
  automaticLayout: true,
  contextmenu: false,
  fontFamily: 'ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSize: 13,
  lineHeight: 20,
  folding: true,
  hideCursorInOverviewRuler: true,
  links: false,
  occurrencesHighlight: "singleFile",
  overviewRulerBorder: false,
  padding: { top: 8, bottom: 8 },
  renderFinalNewline: "on",
  renderLineHighlight: "none",
  scrollBeyondLastLine: false,
  smoothScrolling: false,
  stickyScroll: { enabled: true, maxLineCount: 2 },
  scrollbar: { alwaysConsumeMouseWheel: false, verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
};

/** Programs longer than this get a minimap. */
export const minimapLines = 120;
