import { randomBytes, randomUUID } from "node:crypto"
import http from "node:http"
import type { AddressInfo } from "node:net"

const { CLICK, insertClaims } = await import("#lib/rooms/claims/claim/claim-statement.ts")
const { arraysOf } = await import("#lib/rooms/claims/access/input-rows.ts")
const { unlockColumns } = await import("#lib/rooms/claims/access/proofs.ts")
const { presignGet } = await import("#lib/adapters/storage.ts")

// A plain handler that runs the statement for one click and signs one URL, and does nothing else.
const visitor = randomBytes(16)

type Row = { now: Date; key: string; colour: string | null; name: string; content_type: string }

async function click(path: string) {
  const [, , token = "", , fileId = ""] = path.split("/")
  const publicId = Buffer.from(token, "base64url").subarray(0, 8)
  const eventId = randomUUID()
  const clicked = {
    publicId,
    fileId,
    directOnly: false,
    visitId: randomBytes(16),
    claimId: randomUUID(),
    eventId,
    agent: "Chrome on Linux",
    referrer: null,
    visitor,
    ...unlockColumns(null),
  }
  const [row] = await insertClaims<Row>({
    ...arraysOf(CLICK, [clicked]),
    shard: Math.floor(Math.random() * 8),
    credentialsEnd: null,
  })
  if (!row) throw new Error("no row")
  return presignGet({
    key: row.key,
    colour: row.colour,
    claim: eventId,
    name: row.name,
    contentType: row.content_type,
    disposition: "attachment",
    expiresInSeconds: 60,
    signedAt: new Date(Math.floor(row.now.getTime() / 1000) * 1000),
  })
}

const server = http.createServer((request, response) => {
  click(request.url ?? "").then(
    (location) => response.writeHead(303, { Location: location, "Content-Length": "0" }).end(),
    () => response.writeHead(500, { "Content-Length": "0" }).end(),
  )
})
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port))
