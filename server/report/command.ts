import { isPresetName, parseValue, presets, type RunConfig } from "../contract";
import { configFields } from "../run/fields";
import type { ReportField } from "./views";

/** Every field of a configuration, beside what its preset has there where that is something else. */
export function listFields(config: RunConfig): ReportField[] {
  const preset = isPresetName(config.preset) ? presets[config.preset] : null;
  return configFields.map(({ path }) => {
    const value = getField(config, path);
    const before = preset === null ? value : getField(preset, path);
    return { path, value, preset: isSame(value, before) ? null : { value: before } };
  });
}

/**
 * What starts the same run again from a terminal. A run that was stopped, or given more cycles, is started with as many as it
 * was to have; one of a preset that is gone starts from `starter` with everything that differs from it.
 */
export function toCommand(config: RunConfig, cycles: number): string {
  const preset = isPresetName(config.preset) ? config.preset : "starter";
  const wanted = { ...config, preset, cycles };
  const changed = configFields
    .map(({ path }) => ({ path, value: getField(wanted, path), before: getField(presets[preset], path) }))
    .filter(({ path, value, before }) => path !== "seed" && !isSame(value, before));
  const sets = changed.map(({ path, value }) => `--set ${quote(`${path}=${write(value)}`)}`);
  return [`npm run -s archloom -- run start --preset ${preset} --seed ${config.seed}`, ...sets, "--wait"].join(" ");
}

function getField(config: RunConfig, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined), config);
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** As `--set` reads it: text that would be read as JSON is written as JSON. */
const write = (value: unknown): string => (typeof value === "string" && parseValue(value) === value ? value : JSON.stringify(value));

/** As a POSIX shell hands it on unchanged. */
const quote = (word: string): string => (/^[\w.,:/@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);
