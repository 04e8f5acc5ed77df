import "server-only"
import { headers } from "next/headers"
import { getLocale } from "next-intl/server"
import { dialectOf } from "#components/time/dialect.ts"

/**
 * The regional variant of the page's language that the browser requests, in which the server
 * formats dates like LocalTime.
 */
export async function readerDialect(): Promise<string> {
  const accepted = (await headers()).get("accept-language") ?? ""
  const tags = accepted.split(",").map((range) => range.split(";", 1).join("").trim())
  return dialectOf(await getLocale(), tags)
}
