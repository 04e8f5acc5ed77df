import "client-only"
import { backoffMs } from "../../transfer/backoff.ts"
import { wait } from "../../transfer/wait.ts"
import { type Problem, problem } from "../problem.ts"

/** The URL of the file. `expiresAt` is in milliseconds by this machine's clock. */
export type Address = { url: string; expiresAt?: number }

/** The app's refusal of an address: an HTTP status, 0 for no answer, and the app's message. */
export type AddressRefusal = {
  status: number
  message?: string | null
  retryAfterSeconds?: number | null
}

/** Asks the app for an address. An error that it throws counts as no answer. */
export type FreshUrl = (signal: AbortSignal) => Promise<Address | AddressRefusal>

/** An address is not used this close to its expiry, because a request takes time to arrive. */
const MARGIN_MS = 2_000
/** The shortest use of an address, so that a wrong clock does not renew it each time. */
const SHORTEST_LIFE_MS = 5_000

export type AddressesOptions = {
  freshUrl: FreshUrl
  isOnline: () => boolean
  random: () => number
  onWait: (why: Problem) => void
}

/**
 * Keeps the address that all requests of a download use. It is renewed before it expires and after
 * the store has refused it, by one call at a time, with a backoff for repeated refusals.
 */
export function createAddresses({ freshUrl, isOnline, random, onWait }: AddressesOptions) {
  let current: { url: string; usableUntil: number } | null = null
  let asking: Promise<string | Problem> | null = null
  /** The number of addresses in a row that delivered no byte. */
  let useless = 0
  let lastAskedAt = 0

  async function ask(signal: AbortSignal): Promise<string | Problem> {
    if (useless > 0) await wait(lastAskedAt + backoffMs(useless, random) - Date.now(), signal)
    for (let failures = 1; ; failures++) {
      lastAskedAt = Date.now()
      const answer = await freshUrl(signal).catch((): AddressRefusal => ({ status: 0 }))
      if ("url" in answer) return keep(answer)
      const why = refusalOf(answer, isOnline())
      if (why.code === "address_refused" || signal.aborted) return why
      onWait(why)
      const asked = (answer.retryAfterSeconds ?? 0) * 1_000
      await wait(Math.max(asked, backoffMs(failures, random)), signal)
      if (signal.aborted) return why
    }
  }

  function keep({ url, expiresAt = Number.POSITIVE_INFINITY }: Address) {
    const usableUntil = Math.max(expiresAt - MARGIN_MS, Date.now() + SHORTEST_LIFE_MS)
    current = { url, usableUntil }
    useless += 1
    return url
  }

  return {
    /** Returns an address to use now, or a problem if it is refused or `signal` aborts. */
    async take(signal: AbortSignal): Promise<string | Problem> {
      if (current && Date.now() < current.usableUntil) return current.url
      asking ??= ask(signal).finally(() => {
        asking = null
      })
      return asking
    },
    /** Reports that the store refused this address or did not answer. */
    lapsed(url: string) {
      if (current?.url === url) current = null
    },
    /** Reports that bytes have arrived from this address. */
    worked(url: string) {
      if (current?.url === url) useless = 0
    },
    /** The number of addresses in a row that delivered no byte. */
    useless: () => useless,
  }
}

export type Addresses = ReturnType<typeof createAddresses>

function refusalOf({ status, message = null }: AddressRefusal, isOnline: boolean): Problem {
  if (status === 0) return problem(isOnline ? "no_answer" : "offline")
  if (status === 408 || status === 429 || status >= 500) return problem("busy", message)
  return problem("address_refused", message)
}
