import { candidateRouter } from "../candidate/router";
import { corpusRouter } from "../corpus/router";
import { dataRouter } from "../data/router";
import { modelRouter } from "../model/router";
import { promptRouter } from "../prompt/router";
import { recipeRouter } from "../recipe/router";
import { reportRouter } from "../report/router";
import { runRouter } from "../run/router";
import { streamRouter } from "../stream/router";
import { studyRouter } from "../study/router";
import { systemRouter } from "../system/router";
import { taskRouter } from "../task/router";
import { transferRouter } from "../transfer/router";
import { workerRouter } from "../worker/router";
import { createCallerFactory, router } from "./init";

export const appRouter = router({
  candidate: candidateRouter,
  corpus: corpusRouter,
  data: dataRouter,
  model: modelRouter,
  prompt: promptRouter,
  recipe: recipeRouter,
  report: reportRouter,
  run: runRouter,
  stream: streamRouter,
  study: studyRouter,
  system: systemRouter,
  task: taskRouter,
  transfer: transferRouter,
  worker: workerRouter,
});

export type AppRouter = typeof appRouter;

/** Calls procedures in the same process: server components that prefetch, and tests. */
export const createCaller = createCallerFactory(appRouter);
