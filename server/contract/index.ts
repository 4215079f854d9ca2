export * from "./events";
export * from "./ids";
export * from "./jobs";
export * from "./presets";
export * from "./run-config";
export * from "./words";
