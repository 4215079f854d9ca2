import { handleRequest } from "@/server/trpc/handle";

export const dynamic = "force-dynamic";

const handle = (request: Request): Promise<Response> => handleRequest(request);

export { handle as GET, handle as POST };
