/** Tokens of the screens (app/globals.css), as far as a report uses them; a test holds the two together. */
export const tokens = {
  light: {
    paper: "#f6f6f4",
    panel: "#ffffff",
    sunken: "#eeeeeb",
    edge: "#dddcd7",
    "edge-strong": "#86867f",
    ink: "#1a1c1b",
    "ink-soft": "#494c4a",
    "ink-faint": "#636662",
    accent: "#0a6570",
    warn: "#8a5300",
    "warn-soft": "#fbefd9",
    mark: "#0a7f8c",
    "mark-quiet": "#8a8d89",
    grid: "#e7e6e2",
  },
  dark: {
    paper: "#111413",
    panel: "#181c1b",
    sunken: "#0c0f0e",
    edge: "#2b302e",
    "edge-strong": "#717975",
    ink: "#e9ecea",
    "ink-soft": "#bac0bd",
    "ink-faint": "#929a96",
    accent: "#62c9d2",
    warn: "#e5b05c",
    "warn-soft": "#33270f",
    mark: "#3fb0bb",
    "mark-quiet": "#7b837f",
    grid: "#232826",
  },
} as const;

const toVariables = (theme: Record<string, string>): string => Object.entries(theme).map(([name, color]) => `--${name}: ${color};`).join(" ");

/** Paper is always light. */
export const style = `
:root { color-scheme: light dark; ${toVariables(tokens.light)} }
@media screen and (prefers-color-scheme: dark) { :root { ${toVariables(tokens.dark)} } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 3rem; background: var(--paper); color: var(--ink);
  font: 0.9375rem/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 0.75rem; border-bottom: 1px solid var(--edge); padding-bottom: 0.25rem; font-size: 1.125rem; }
p, ul { max-width: 75ch; }
p { margin: 0.75rem 0; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.lead { margin: 0.25rem 0 0; color: var(--ink-soft); }
.standing { border-left: 4px solid var(--warn); background: var(--warn-soft); padding: 0.5rem 0.875rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 1rem 0 0; padding: 0; list-style: none; }
nav a { display: inline-block; padding: 0.125rem 0; }
main ul { padding-left: 1.25rem; }
li { margin: 0.25rem 0; }
figure { margin: 1.25rem 0; }
figcaption, summary { font-weight: 600; }
figcaption { margin-bottom: 0.375rem; }
summary { cursor: pointer; padding: 0.25rem 0; }
dl { margin: 0.75rem 0; }
dl div { display: grid; grid-template-columns: minmax(9rem, 13rem) minmax(0, 1fr); gap: 0 1rem; border-top: 1px solid var(--edge); padding: 0.3125rem 0; }
dt { color: var(--ink-soft); }
dd { margin: 0; }
.scroll { width: fit-content; max-width: 100%; overflow-x: auto; border: 1px solid var(--edge); background: var(--panel); }
table { border-collapse: collapse; font-size: 0.8125rem; }
th, td { padding: 0.25rem 0.625rem; border-bottom: 1px solid var(--edge); text-align: left; vertical-align: top; max-width: 28rem; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--ink-soft); vertical-align: bottom; }
tbody th { font-weight: 400; }
tbody th:not(.number) { min-width: 6rem; }
.number { text-align: right; white-space: nowrap; }
pre { overflow-x: auto; margin: 0; border: 1px solid var(--edge); background: var(--panel); padding: 0.75rem;
  font: 0.8125rem/1.45 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; tab-size: 4; }
.charts { display: grid; column-gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); }
.chart { display: grid; grid-row: span 5; grid-template-rows: subgrid; row-gap: 0; min-width: 0; margin: 0 0 1rem; border: 1px solid var(--edge); background: var(--panel); padding: 0.875rem; }
.chart svg { display: block; width: 100%; height: auto; font-family: inherit; }
.legend { display: flex; flex-wrap: wrap; align-content: start; gap: 0 1rem; margin: 0 0 0.375rem; padding: 0; list-style: none; color: var(--ink-soft); font-size: 0.75rem; }
.legend li { display: flex; align-items: center; gap: 0.375rem; }
.legend li::before { content: ""; flex: none; width: 0.625rem; height: 0.625rem; border: 2px solid var(--mark); border-radius: 50%; background: var(--mark); }
.legend .hollow::before { border-color: var(--mark-quiet); background: none; }
.legend .dashed::before { width: 1rem; height: 0; border: 0; border-top: 2px dashed var(--warn); border-radius: 0; background: none; }
.legend .thin::before { width: 1rem; height: 0; border: 0; border-top: 1px solid var(--ink-soft); border-radius: 0; background: none; }
.chart details { font-size: 0.8125rem; }
.chart summary { font-weight: 400; color: var(--accent); }
.summary { margin: 0.5rem 0; color: var(--ink-soft); font-size: 0.8125rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--edge); color: var(--ink-faint); font-size: 0.8125rem; }
@media (max-width: 40rem) { dl div { grid-template-columns: minmax(0, 1fr); } }
@media print {
  :root { color-scheme: only light; }
  body { max-width: none; padding: 0; background: #ffffff; font-size: 9pt; }
  nav { display: none; }
  h2, figcaption { break-after: avoid; }
  .chart, tr, dl div { break-inside: avoid; }
  .charts { grid-template-columns: 1fr 1fr; }
  .scroll { overflow: visible; border: 0; }
  table { font-size: 7pt; }
  th, td { padding: 2pt 3pt; }
  .number { white-space: normal; }
  pre { white-space: pre-wrap; font-size: 7pt; }
  details:not([open])::details-content { display: block; content-visibility: visible; }
  .chart details { display: none; }
}
`;
