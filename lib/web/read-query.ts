import "server-only"
import type { NextRequest } from "next/server"

/** The query of a request, to be parsed. What a form left empty was not asked for. */
export function readQuery({ nextUrl }: NextRequest) {
  return Object.fromEntries([...nextUrl.searchParams].filter(([, value]) => value !== ""))
}
