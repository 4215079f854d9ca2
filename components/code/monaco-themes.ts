import type { MonacoApi } from "./monaco";

/** Keyword, text, number, comment, type: few colours, each 4.5:1 on its background. */
const palettes = {
  light: { ink: "1a1c1b", keyword: "0a6570", text: "7a4a00", number: "7a3b9a", comment: "636662", type: "2f5bb0" },
  dark: { ink: "e9ecea", keyword: "62c9d2", text: "e5b05c", number: "c9a0e6", comment: "929a96", type: "93b4f0" },
};

type Palette = (typeof palettes)["light"];

const rules = ({ ink, keyword, text, number, comment, type }: Palette) => [
  { token: "", foreground: ink },
  { token: "keyword", foreground: keyword },
  { token: "string", foreground: text },
  { token: "string.escape", foreground: text },
  { token: "number", foreground: number },
  { token: "comment", foreground: comment, fontStyle: "italic" },
  { token: "type", foreground: type },
  { token: "tag", foreground: type },
];

/** Brackets in the colour of text: colours are for the language's words. */
const brackets = (ink: string): Record<string, string> =>
  Object.fromEntries([1, 2, 3, 4, 5, 6].map((depth) => [`editorBracketHighlight.foreground${depth}`, `#${ink}`]));

export function defineThemes({ editor }: MonacoApi): void {
  editor.defineTheme("archloom-light", {
    base: "vs",
    inherit: true,
    rules: rules(palettes.light),
    colors: {
      "editor.background": "#ffffff",
      "editor.foreground": "#1a1c1b",
      "editorLineNumber.foreground": "#636662",
      "editorLineNumber.activeForeground": "#1a1c1b",
      "editorStickyScroll.background": "#f6f6f4",
      "editorStickyScrollHover.background": "#eeeeeb",
      "editorIndentGuide.background1": "#e7e6e2",
      ...brackets(palettes.light.ink),
      "diffEditor.insertedLineBackground": "#0a7f8c14",
      "diffEditor.insertedTextBackground": "#0a7f8c24",
      "diffEditor.removedLineBackground": "#a8321f10",
      "diffEditor.removedTextBackground": "#a8321f20",
      "diffEditor.unchangedRegionBackground": "#f6f6f4",
    },
  });
  editor.defineTheme("archloom-dark", {
    base: "vs-dark",
    inherit: true,
    rules: rules(palettes.dark),
    colors: {
      "editor.background": "#181c1b",
      "editor.foreground": "#e9ecea",
      "editorLineNumber.foreground": "#929a96",
      "editorLineNumber.activeForeground": "#e9ecea",
      "editorStickyScroll.background": "#111413",
      "editorStickyScrollHover.background": "#0c0f0e",
      "editorIndentGuide.background1": "#2b302e",
      ...brackets(palettes.dark.ink),
      "diffEditor.insertedLineBackground": "#3fb0bb18",
      "diffEditor.insertedTextBackground": "#3fb0bb30",
      "diffEditor.removedLineBackground": "#f3928014",
      "diffEditor.removedTextBackground": "#f392802c",
      "diffEditor.unchangedRegionBackground": "#111413",
    },
  });
}
