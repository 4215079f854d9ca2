import { type RunConfig, runConfigSchema } from "../contract";
import { toInputProblem } from "../input-problem";
import { ServiceError } from "../service-error";

type Tree = { [key: string]: unknown };

/**
 * A configuration changed by a partial one and then by single paths (`generation.temperature`), checked against the
 * schema. Throws `invalid` naming the first field that does not exist or is out of bounds, and for another `preset`: that
 * field says what the run started from.
 */
export function configureRun(base: RunConfig, partial: Tree = {}, paths: Tree = {}): RunConfig {
  const changed = Object.entries(paths).reduce<Tree>(
    (config, [path, value]) => setPath(config, path.split("."), value, path),
    merge(base, partial, []),
  );
  const parsed = runConfigSchema.safeParse(changed);
  if (!parsed.success) {
    const { message, field } = toInputProblem(parsed.error);
    throw new ServiceError("invalid", message, field);
  }
  if (parsed.data.preset !== base.preset) {
    throw new ServiceError("invalid", `preset: it must be ${base.preset}, which this run starts from.`, "preset");
  }
  return parsed.data;
}

/** Only keys that the base has: a misspelt field must not be lost, and `__proto__` must not be assigned. */
function merge(base: Tree, partial: Tree, path: readonly string[]): Tree {
  return Object.entries(partial).reduce<Tree>((config, [key, value]) => {
    const here = [...path, key];
    assertKey(config, key, here.join("."));
    const old = config[key];
    return { ...config, [key]: isTree(old) && isTree(value) ? merge(old, value, here) : value };
  }, base);
}

function setPath(config: Tree, keys: readonly string[], value: unknown, path: string): Tree {
  const [key = "", ...rest] = keys;
  assertKey(config, key, path);
  if (rest.length === 0) return { ...config, [key]: value };
  const child = config[key];
  if (!isTree(child)) throw noSuchField(path);
  return { ...config, [key]: setPath(child, rest, value, path) };
}

function assertKey(config: Tree, key: string, path: string): void {
  if (!Object.hasOwn(config, key)) throw noSuchField(path);
}

const noSuchField = (path: string) => new ServiceError("invalid", `${path}: it does not exist.`, path);

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);
