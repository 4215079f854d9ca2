export * from "./adapter";
export * from "./candidate";
export * from "./job";
export * from "./run";
export * from "./study";
export * from "./task";
