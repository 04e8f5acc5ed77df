import type { z } from "zod"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { startUploads } from "#lib/rooms/files/upload/start-upload.ts"
import { createRequest } from "#lib/rooms/requests/create-request.ts"
import { completeFile } from "#lib/rooms/requests/guest/deliver.ts"
import { beginGuest, type RequestGuest, requireGuest } from "#lib/rooms/requests/guest/guest.ts"
import { RequestInput } from "#lib/rooms/requests/request.ts"
import { aMember } from "./a-member.ts"
import { acting } from "./acting.ts"

type Wanted = Partial<z.input<typeof RequestInput>> & { owner?: PersonId }

/** A request of a new member, and the public id of its link. */
export async function aRequest({ owner, ...input }: Wanted = {}) {
  const ownerId = owner ?? (await aMember())
  const parsed = RequestInput.parse({ title: "Photos, please", folder: "Inbox", ...input })
  const request = await createRequest(acting(ownerId), parsed)
  return { ...request, url: urlOf(request), ownerId, publicId: publicIdOf(urlOf(request)) }
}

/** The address of a request whose open link is not revoked. */
export function urlOf({ url }: { url: string | null }) {
  if (url === null) throw new Error("The request has no link for anyone.")
  return url
}

/** The public id in the address of a request. */
export function publicIdOf(url: string) {
  const publicId = readLinkToken(url.split("/").at(-1) ?? "", "request")
  if (!publicId) throw new Error("This is no address of a request.")
  return publicId
}

let addresses = 0

/** A guest with a new address who begins a delivery. */
export function aGuest(publicId: Uint8Array): Promise<RequestGuest> {
  addresses += 1
  const address = `10.9.${(addresses >> 8) & 255}.${addresses & 255}`
  return beginGuest(publicId, { unlock: null, delivery: null }, { address })
}

/** Guests who began a few at a time, so that only their next calls race. */
export async function someGuests(publicId: Uint8Array, count: number): Promise<RequestGuest[]> {
  const guests: RequestGuest[] = []
  while (guests.length < count) {
    const some = Array.from({ length: Math.min(8, count - guests.length) })
    guests.push(...(await Promise.all(some.map(() => aGuest(publicId)))))
  }
  return guests
}

/** Asks again while all connections are taken, as a client does after a 503. */
export async function answered<Result>(ask: () => Promise<Result>, times = 30): Promise<Result> {
  try {
    return await ask()
  } catch (error) {
    if (times === 0 || outageOf(error) === null) throw error
    return answered(ask, times - 1)
  }
}

/** The same guest, whose proofs are judged again. */
export const again = ({ ticket }: RequestGuest, publicId: Uint8Array) =>
  requireGuest(publicId, { unlock: null, delivery: ticket })

type Sent = { name?: string; path?: string; bytes?: string }

/** Starts an upload of a guest; `put` sends its bytes. */
export async function startedBy(
  guest: RequestGuest,
  { name = "boat.jpg", path = "", bytes = "bytes" }: Sent = {},
) {
  const size = Buffer.byteLength(bytes)
  const [started] = await startUploads(guest, [{ name, path, size, contentType: "image/jpeg" }])
  if (!started || !("file" in started)) throw started ?? new Error("There is no answer.")
  const { file, upload } = started
  if (upload.method !== "put") throw new Error("expected one PUT")
  const put = () => fetch(upload.url, { method: "PUT", headers: upload.headers, body: bytes })
  return { file, put }
}

/** Sends a file of a guest completely. */
export async function sentBy(guest: RequestGuest, file?: Sent) {
  const started = await startedBy(guest, file)
  await started.put()
  return completeFile(guest, started.file.id, {})
}
