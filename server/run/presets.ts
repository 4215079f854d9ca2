import { presetDescriptions, type PresetName, presets } from "../contract";
import { configFields } from "./fields";
import type { RunPresets } from "./views";

/** What the start form is made of. */
export function getPresets(): RunPresets {
  const names = Object.keys(presets) as PresetName[];
  return {
    presets: names.map((name) => ({ name, description: presetDescriptions[name], config: presets[name] })),
    fields: configFields,
  };
}
