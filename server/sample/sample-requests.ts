import type { z } from "zod"
import { db } from "#lib/adapters/database.ts"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import { visitorSourceOf } from "#lib/rooms/claims/visitor/visitor-source.ts"
import { createRequest } from "#lib/rooms/requests/create-request.ts"
import { completeFile, finishDelivery } from "#lib/rooms/requests/guest/deliver.ts"
import { beginGuest } from "#lib/rooms/requests/guest/guest.ts"
import { openRequest } from "#lib/rooms/requests/guest/open-request.ts"
import { type DoneInput, RequestInput } from "#lib/rooms/requests/request.ts"
import type { SampleFile } from "./sample-files.ts"
import type { SampleMember } from "./sample-members.ts"
import { uploadSample } from "./upload-sample.ts"

type Delivery = {
  /** How long ago it began. */
  hours: number
  files: SampleFile[]
  /** What the sender says at the end; undefined while the delivery is under way. */
  done?: DoneInput
}

type Sample = {
  input: z.input<typeof RequestInput>
  /** The age of the request in days, and for how many days it was open if it ended. */
  days: number
  openDays?: number
  deliveries: Delivery[]
}

/** Creates an open request with two senders, and one that ended. */
export async function makeRequests(owner: SampleMember, files: SampleFile[]): Promise<void> {
  for (const { input, days, openDays, deliveries } of samples(files)) {
    const { id, url } = await createRequest(owner, RequestInput.parse(input))
    if (url === null) throw new Error("a new request has a link for anyone")
    for (const [place, delivery] of deliveries.entries())
      await deliver(url, delivery, `192.0.2.${200 + place}`)
    await db.$executeRaw`
      UPDATE share SET created_at = created_at - make_interval(days => ${days}::int)
      WHERE id = ${id}::uuid`
    if (openDays !== undefined)
      await db.$executeRaw`
        UPDATE share SET expires_at = created_at + make_interval(days => ${openDays}::int)
        WHERE id = ${id}::uuid`
  }
}

async function deliver(url: string, { hours, files, done }: Delivery, address: string) {
  const publicId = readLinkToken(new URL(url).pathname.split("/").at(-1) ?? "", "request")
  if (!publicId) throw new Error("A request has a token.")
  const proofs = { unlock: null, delivery: null }
  const source = await visitorSourceOf({ userAgent: "", referrer: "", address, publicId })
  await openRequest({ publicId, proofs, visitId: null, kind: "view", source, from: address })
  const guest = await beginGuest(publicId, proofs, { address })
  for (const file of files) await uploadSample(guest, file, (id) => completeFile(guest, id, {}))
  if (done) await finishDelivery(guest, done)
  await db.$executeRaw`
    UPDATE delivery SET started_at = started_at - make_interval(hours => ${hours}::int),
      done_at = done_at - make_interval(hours => ${hours}::int)
    WHERE id = ${guest.deliveryId}::uuid`
}

function samples(files: SampleFile[]): Sample[] {
  const filesOf = (...names: string[]) =>
    files.filter(({ name }) => names.includes(name)).map((file) => ({ ...file, path: "" }))
  return [
    {
      input: {
        title: "Minutes of the spring meeting",
        folder: "Harbour/Minutes",
        reusable: false,
      },
      days: 40,
      openDays: 14,
      deliveries: [
        {
          hours: 36 * 24,
          files: filesOf("Minutes.md"),
          done: { sender: { name: "Barbara Liskov" }, fields: {} },
        },
      ],
    },
    {
      input: {
        title: "Your photos of the harbour festival",
        message: "Please send the originals, not those from a chat.",
        folder: "Harbour/Festival",
        slug: "harbour-festival",
        fields: {
          name: "required",
          address: "optional",
          own: [{ label: "May we print them?", required: true }],
        },
        types: ["image/*", "video/*"],
        thanks: "Thank you! The best ten hang in the harbour office from June.",
      },
      days: 3,
      deliveries: [
        {
          hours: 40,
          files: filesOf("Harbour at dawn.png", "Harbour at dusk.png", "Pier.png"),
          done: {
            sender: { name: "Katherine Johnson", address: "katherine@example.org" },
            fields: { "May we print them?": "Yes, with my name" },
          },
        },
        { hours: 2, files: filesOf("Lighthouse.png") },
      ],
    },
  ]
}
