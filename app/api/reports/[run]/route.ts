import { handleReportRequest } from "@/server/report/handle";

export const dynamic = "force-dynamic";

export const GET = (request: Request): Promise<Response> => handleReportRequest(request);
