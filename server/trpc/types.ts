/** Everything a client needs to know about the procedures: types only, nothing of the server comes along. */
import type { inferRouterInputs } from "@trpc/server";

import type { AppRouter } from "./router";

export type { AppRouter };
export type RouterInputs = inferRouterInputs<AppRouter>;

export type * from "../candidate/views";
export type * from "../contract/statistics/figures";
export type * from "../corpus/curation-report";
export type * from "../corpus/views";
export type * from "../cycle/views";
export type * from "../data/views";
export type * from "../file/views";
export type * from "../prompt/views";
export type * from "../recipe/views";
export type * from "../report/views";
export type * from "../run/views";
export type * from "../stream/views";
export type * from "../study/views";
export type * from "../system/views";
export type * from "../task/views";
export type * from "../transfer/views";
export type * from "../worker/views";
