export * from "./events";
export * from "./ids";
export * from "./jobs";
export * from "./presets";
export * from "./prompts";
export * from "./run-config";
export * from "./tasks";
export * from "./words";
