export * from "./bootstrap";
export type * from "./figures";
export { unitHistogram } from "./histogram";
export { mean, meanDifference } from "./mean";
export { quantile } from "./quantile";
export { rate, rateDifference } from "./rate";
export { seededRandom } from "./random";
