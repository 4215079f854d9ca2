import { handleFileRequest } from "@/server/file/handle";

export const dynamic = "force-dynamic";

export const POST = (request: Request): Promise<Response> => handleFileRequest(request);
