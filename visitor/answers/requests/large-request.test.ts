import { expect, it } from "vitest"
import { LISTS, listsInTurn, readInTurn } from "#lib/adapters/host/read-in-turn.ts"
import { isList } from "#lib/api/call.ts"
import { GUEST_CALLS } from "#lib/api/calls/guests.ts"
import { COOKIES, signTicket } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { finishDelivery } from "#lib/rooms/requests/guest/deliver.ts"
import { listDeliveries } from "#lib/rooms/requests/list-deliveries.ts"
import { aLargeRequest } from "#testing/builders/a-large-request.ts"
import { aGuest, sentBy } from "#testing/builders/a-request.ts"
import { rowsRead } from "#testing/database/rows-read.ts"
import { askVisitor } from "#testing/visitors/visitor-client.ts"

/** A guest of a request with many files, and a client that asks for it. */
async function aSender(files: number) {
  const request = await aLargeRequest(files)
  const path = new URL(request.url).pathname
  const cookie = `${COOKIES.delivery}=${signTicket(request.guest.ticket, "delivery")}`
  const ask = (method: string, below: string, accept = "application/json", address?: string) =>
    askVisitor({
      method,
      path: `${path}${below}`,
      by: "script",
      headers: { cookie, accept },
      body: "{}",
      ...(address && { address }),
    })
  const read = async (method: string, below: string) => {
    const { status, body } = await ask(method, below)
    expect(status).toBe(200)
    return JSON.parse(String(body))
  }
  return { ...request, ask, read }
}

it("a call that reads waits in the queue of lists unless it says why not", async () => {
  const waiting = GUEST_CALLS.filter(isList).map(({ at }) => at)
  expect(waiting).toEqual(["GET /r/{token}/files", "GET /r/{token}/receipt"])
  const { guest, ask } = await aSender(3)
  await finishDelivery(guest, { sender: {}, fields: {} })
  const gate = Promise.withResolvers<void>()
  for (let n = 0; n < LISTS.running; n++) void readInTurn({ member: "" }, () => gate.promise)
  const answers = [
    ask("GET", "/receipt"),
    ask("GET", "/receipt", "text/html"),
    ask("GET", "/files"),
    // A repetition.
    ask("POST", "/done"),
  ]
  await expect.poll(() => listsInTurn().waiting).toBe(4)
  expect((await ask("GET", "", "text/html")).status).toBe(200)
  expect((await ask("HEAD", "", "text/html")).status).toBe(200)

  gate.resolve()

  // A delivery that is done is read by its receipt alone.
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
})

it("a crowd at one address does not delay the receipt of another until its end", async () => {
  const { ask } = await aSender(3)
  const gate = Promise.withResolvers<void>()
  const first = Promise.withResolvers<void>()
  void readInTurn({ member: "" }, () => first.promise)
  for (let n = 1; n < LISTS.running; n++) void readInTurn({ member: "" }, () => gate.promise)
  const done: string[] = []
  const receipt = (address: string) =>
    ask("GET", "/receipt", "application/json", address).then(() => done.push(address))
  const all = Array.from({ length: 20 }, () => receipt("198.51.100.7"))
  all.push(receipt("203.0.113.7"))
  await expect.poll(() => listsInTurn().waiting).toBe(21)

  // One is read at a time, so they are done in the order of their turns.
  first.resolve()
  await Promise.all(all)
  gate.resolve()

  expect(done.indexOf("203.0.113.7")).toBeLessThan(2)
})

it("a receipt has 500 files, their number and size, and its pages have each file once", async () => {
  const { read, ask } = await aSender(1_200)
  const done = await read("POST", "/done")
  expect(done).toMatchObject({ fileCount: 1_200, bytes: 6_000 })
  expect(done.files).toHaveLength(500)
  expect(await read("POST", "/done")).toEqual(done)
  const names = new Set<string>()
  const sizes: number[] = []
  for (let query = ""; query !== "end"; ) {
    const { files, fileCount, nextCursor } = await read("GET", `/receipt${query}`)
    expect(fileCount).toBe(1_200)
    sizes.push(files.length)
    for (const { name } of files) names.add(name)
    query = nextCursor ? `?cursor=${nextCursor}` : "end"
  }
  expect([sizes, names.size]).toEqual([[500, 500, 200], 1_200])

  const page = String((await ask("GET", "/receipt", "text/html")).body)
  expect(page).toContain("1,200 files, 6 kB total")
  expect(page.match(/<li /g)).toHaveLength(500)
  const [, next = ""] = /\/receipt(\?cursor=[^"]*)"[^>]* rel="next"/.exec(page) ?? []
  const second = String((await ask("GET", `/receipt${next}`, "text/html")).body)
  expect(second.match(/<li /g)).toHaveLength(500)
  expect((await ask("GET", "/receipt?cursor=x")).status).toBe(400)
})

it("the cheap addresses read at most 500 rows of a request of 10,000 files", async () => {
  const { ask } = await aSender(10_000)
  const rows = {
    page: await rowsRead(() => ask("GET", "", "text/html")),
    unlock: await rowsRead(() => ask("GET", "/unlock", "text/html")),
  }
  expect(Object.values(rows).filter((read) => read > 500)).toEqual([])
}, 120_000)

it("deliveries have at most 500 files together, and one of them has all by the page", async () => {
  const { id, ownerId, publicId, guest } = await aLargeRequest(1_200)
  const late = await aGuest(publicId)
  await sentBy(late)

  const { items } = await listDeliveries(ownerId, id)
  expect(
    items.map(({ fileCount, totalBytes, files }) => [fileCount, totalBytes, files.length]),
  ).toEqual([
    [1, 5, 1],
    [1_200, 6_000, 499],
  ])
  const seen = new Set<string>()
  const sizes: number[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Awaited<ReturnType<typeof listDeliveries>> = await listDeliveries(ownerId, id, {
      deliveryId: guest.deliveryId,
      cursor,
    })
    const files = page.items.flatMap((delivery) => delivery.files)
    sizes.push(files.length)
    for (const file of files) seen.add(file.id)
    cursor = page.nextCursor
  }
  expect([sizes, seen.size]).toEqual([[500, 500, 200], 1_200])
  await expect(
    listDeliveries(ownerId, id, { deliveryId: guest.deliveryId, cursor: "x" }),
  ).rejects.toBeRefusal("invalid")
  await expect(listDeliveries(ownerId, id, { deliveryId: id })).rejects.toBeRefusal("not_found")
})
