import { handleFileRequest } from "@/server/file/handle";

export const dynamic = "force-dynamic";

export const GET = (request: Request): Promise<Response> => handleFileRequest(request);
