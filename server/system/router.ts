import { procedure, router } from "../trpc/init";
import { getSystemInfo } from "./info";

export const systemRouter = router({
  info: procedure.query(({ ctx }) => getSystemInfo(ctx.db)),
});
