import type { NextRequest } from "next/server"

/** Whether the client asks for JSON, which a browser's navigation does not. */
export const wantsJson = ({ headers }: Pick<NextRequest, "headers">) =>
  /^application\/json\b/.test(headers.get("accept") ?? "")
