export * from "./bootstrap";
export type * from "./figures";
export { unitHistogram } from "./histogram";
export { average, mean, meanDifference, variance } from "./mean";
export { quantile } from "./quantile";
export { rate, rateDifference } from "./rate";
export { seededRandom } from "./random";
