import { expect, it } from "vitest";

import { nameKey } from "./shortcuts";

const press = (key: string, change: Partial<Parameters<typeof nameKey>[0]> = {}) =>
  nameKey({ key, code: `Key${key.toUpperCase()}`, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...change });

it("names keys as shortcuts are written", () => {
  expect(press("j")).toBe("j");
  expect(press("Y", { shiftKey: true })).toBe("Shift+Y");
  expect(press("?", { code: "Slash", shiftKey: true })).toBe("?");
});

it("knows Alt with a letter by its place, whatever character the layout makes of it", () => {
  expect(press("†", { code: "KeyT", altKey: true })).toBe("Alt+T");
});

it("leaves the browser's own combinations and bare modifiers alone", () => {
  expect(press("r", { ctrlKey: true })).toBeNull();
  expect(press("r", { metaKey: true })).toBeNull();
  expect(press("Shift", { shiftKey: true })).toBeNull();
});
