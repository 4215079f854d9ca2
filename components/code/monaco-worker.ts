/** Computes diffs and words off the main thread. A file of our own, so that it is bundled and served from our origin. */
import "monaco-editor/editor/editor.worker";
