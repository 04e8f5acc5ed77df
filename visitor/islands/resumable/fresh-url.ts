import type {
  Address,
  AddressRefusal,
  FreshUrl,
} from "#packages/downloader/fetching/download-addresses.ts"
import { pageData, serverNow } from "../page-data.ts"

/** Mints URLs for one file of this link. */
type FileAddresses = {
  freshUrl: FreshUrl
  /** Whether the last call was refused because the ticket is no longer valid. */
  needsClaim: () => boolean
}

/**
 * Mints URLs with the visitor's ticket. With `claims` the first call is a claim, which returns the
 * ticket; later calls never count.
 */
export function addressesOf(fileId: string, { claims }: { claims: boolean }): FileAddresses {
  const link = `/s/${pageData.token}`
  let isClaimed = !claims
  let refusedStatus = 0
  return {
    needsClaim: () => refusedStatus === 403,
    async freshUrl(signal) {
      const response = isClaimed
        ? await fetch(`${link}/d/${fileId}`, { ...MINT, signal })
        : await fetch(`${link}/claim`, { ...CLAIM, body: claimOf(fileId), signal })
      const body: unknown = await response.json().catch(() => null)
      refusedStatus = response.ok ? 0 : response.status
      if (!response.ok) return refusalOf(response, body)
      isClaimed = true
      return addressIn(body)
    },
  }
}

const MINT: RequestInit = { headers: { Accept: "application/json" }, cache: "no-store" }
const CLAIM: RequestInit = {
  method: "POST",
  headers: { "Content-Type": "application/json", Accept: "application/json" },
}
const claimOf = (fileId: string) => JSON.stringify({ fileIds: [fileId] })

/** Parses the answer to a mint, or to a claim of one file. */
function addressIn(body: unknown): Address | AddressRefusal {
  const files = valueAt(body, "files")
  const url = valueAt(body, "url") ?? valueAt(Array.isArray(files) ? files[0] : null, "url")
  if (typeof url !== "string") return { status: 0 }
  const end = Date.parse(String(valueAt(body, "expiresAt")))
  // Converts the server's time to this machine's clock.
  return Number.isNaN(end) ? { url } : { url, expiresAt: end - serverNow() + Date.now() }
}

function refusalOf(response: Response, body: unknown): AddressRefusal {
  const title = valueAt(body, "title")
  return {
    status: response.status,
    message: typeof title === "string" ? title : null,
    retryAfterSeconds: Number(response.headers.get("Retry-After")) || null,
  }
}

const valueAt = (body: unknown, key: string): unknown =>
  typeof body === "object" && body !== null ? Reflect.get(body, key) : undefined
