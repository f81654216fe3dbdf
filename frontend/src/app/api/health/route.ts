export const dynamic = "force-dynamic";

/** The probe of this process; the backend has its own. */
export function GET() {
  return Response.json({ status: "ok" });
}
