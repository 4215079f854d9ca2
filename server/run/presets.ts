import { presetDescriptions, type PresetName, presets } from "../contract";
import type { Database } from "../db/client";
import { configFields } from "./fields";
import { findUnmet } from "./find-unmet";
import type { RunPresets } from "./views";

/** What the start form is made of. */
export async function getPresets(db: Database): Promise<RunPresets> {
  const names = Object.keys(presets) as PresetName[];
  return {
    presets: await Promise.all(
      names.map(async (name) => ({
        name,
        description: presetDescriptions[name],
        config: presets[name],
        missing: await findUnmet(db, presets[name]),
      })),
    ),
    fields: configFields,
  };
}
