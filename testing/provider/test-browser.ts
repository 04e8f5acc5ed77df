import { NextRequest } from "next/server"
import { GET as callback } from "#app/api/auth/callback/oidc/route.ts"
import { GET as beginConfirm } from "#app/auth/oidc/confirm/route.ts"
import { GET as begin } from "#app/auth/oidc/route.ts"
import { configuration } from "#lib/adapters/configuration.ts"

/** The fields that a person fills in on a provider's page; null to leave the page as it is. */
type FillIn = (page: string) => Record<string, string> | null

/** The path to which a provider sends a browser back. */
export const CALLBACK = "/api/auth/callback/oidc"

const ROUTES: Record<string, (request: NextRequest) => Response | Promise<Response>> = {
  "/auth/oidc": begin,
  "/auth/oidc/confirm": beginConfirm,
  [CALLBACK]: callback,
}

export const atCallback = ({ pathname }: URL) => pathname === CALLBACK
export const isElsewhere = ({ origin }: URL) => origin !== configuration.APP_URL
export const pathOf = ({ pathname, search }: URL) => `${pathname}${search}`

export type Browser = ReturnType<typeof aBrowser>

/**
 * A browser for sign-ins: it follows redirects between the routes of Lapse, which are called in
 * this process, and the provider, and keeps the cookies of each.
 */
export function aBrowser(fillIn: FillIn = () => null) {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = (origin: string) => {
    const jar = jars.get(origin) ?? new Map<string, string>()
    jars.set(origin, jar)
    return jar
  }

  async function ask(url: URL, form: URLSearchParams | null) {
    const jar = jarOf(url.origin)
    const cookie = [...jar].map((pair) => pair.join("=")).join("; ")
    const headers = { ...(cookie && { cookie }), "sec-fetch-mode": "navigate" }
    const route = url.origin === configuration.APP_URL ? ROUTES[url.pathname] : undefined
    if (url.origin === configuration.APP_URL && !route) return null
    const answer = route
      ? await route(new NextRequest(url, { headers }))
      : await fetch(url, {
          redirect: "manual",
          headers,
          ...(form && { method: "POST", body: form }),
        })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      const isOver = value === "" || /max-age=0/i.test(line)
      if (isOver) jar.delete(name)
      else jar.set(name, value)
    }
    return answer
  }

  return {
    cookies: () => jarOf(configuration.APP_URL),
    /** Signs out of the provider, and stays signed in to Lapse. */
    leaveProvider: (issuer: string) => jarOf(issuer).clear(),
    /** Opens an address; stops before the first one that `until` accepts. Returns the last one. */
    async open(path: string, until: (url: URL) => boolean = () => false): Promise<URL> {
      let url = new URL(path, configuration.APP_URL)
      let form: URLSearchParams | null = null
      for (let hops = 0; hops < 20; hops++) {
        if (until(url)) return url
        const answer = await ask(url, form)
        const location = answer?.headers.get("location")
        form = null
        if (!location) {
          const page = (await answer?.text()) ?? ""
          form = url.origin === configuration.APP_URL ? null : filledIn(page, fillIn)
          if (form) continue
          if (answer && answer.status >= 400) throw new Error(`${url}: ${page}`)
          return url
        }
        url = new URL(location, url)
      }
      throw new Error("too many redirects")
    },
  }
}

/** The form of a page with its hidden fields, as its reader fills it in. */
function filledIn(page: string, fillIn: FillIn) {
  const typed = fillIn(page)
  if (!typed) return null
  const hidden = [...page.matchAll(/<input [^>]*type="hidden"[^>]*>/g)].map(
    ([input]): [string, string] => {
      const of = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1] ?? ""
      return [of("name"), of("value")]
    },
  )
  return new URLSearchParams([...hidden, ...Object.entries(typed)])
}
