export * from "./bootstrap";
export * from "./comparison";
export type * from "./figures";
export { unitHistogram } from "./histogram";
export { adjustHolm } from "./holm";
export { average, mean, meanDifference, variance } from "./mean";
export { quantile } from "./quantile";
export { rate, rateDifference } from "./rate";
export { seededRandom } from "./random";
