import { handleAdapterRequest } from "@/server/adapter/handle";

export const dynamic = "force-dynamic";

export const GET = (request: Request): Promise<Response> => handleAdapterRequest(request);
