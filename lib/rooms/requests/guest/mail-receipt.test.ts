import { beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { sendMail } from "#lib/rooms/mail/send-mail.ts"
import {
  aGuest,
  answered,
  aRequest,
  sentBy,
  someGuests,
  startedBy,
} from "#testing/builders/a-request.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import { deleteRequest } from "../end-request.ts"
import { eraseDelivery } from "../erase-deliveries.ts"
import { requireRequest } from "../read-requests.ts"
import { finishDelivery } from "./deliver.ts"
import type { RequestGuest } from "./guest.ts"
import { mailReceipt } from "./mail-receipt.ts"

const ASKED = { fields: { address: "optional" } } as const
const TO = "bo@example.org"
const given = (address: string) => ({ sender: { address }, fields: {} })
const from = (publicId: Uint8Array, address: string) => ({
  publicId,
  address,
  language: "de" as const,
})
const mailsOf = (toAddress: string) => db.mail.findMany({ where: { toAddress } })

async function aSender(publicId: Uint8Array): Promise<RequestGuest> {
  const guest = await aGuest(publicId)
  await sentBy(guest)
  return guest
}

beforeEach(() => mailBy(9))

describe("the receipt of a delivery", () => {
  it("is mailed to an address five times at most, however many finish at once", async () => {
    const { id, ownerId, publicId } = await aRequest(ASKED)
    const guests = await someGuests(publicId, 50)
    // Rows alone, because sending a file for each takes half a minute.
    const sent = { fileCount: 1, totalBytes: 5n }
    await db.delivery.createMany({
      data: guests.map(({ deliveryId, shareId }) => ({ id: deliveryId, shareId, ...sent })),
    })

    await Promise.all(
      guests.map((guest, n) =>
        // The case of letters makes no other address.
        answered(() =>
          finishDelivery(
            guest,
            given(n % 2 ? TO : "Bo@Example.org"),
            from(publicId, `10.8.0.${n}`),
          ),
        ),
      ),
    )

    expect(await mailsOf(TO)).toHaveLength(5)
    expect(await db.mail.count()).toBe(5)
    expect(await requireRequest(ownerId, id)).toMatchObject({ deliveries: 50 })
  })

  it("is mailed sixty times an hour at most from a network, whoever gets it", async () => {
    const { publicId } = await aRequest(ASKED)
    const guest = await aGuest(publicId)
    const sent = { files: 1, bytes: 5, doneAt: new Date() }
    const mailed = (n: number) =>
      db.$transaction((tx) =>
        mailReceipt(tx, guest, from(publicId, `2001:db8:7:${n}::1`), {
          to: `bo-${n}@example.org`,
          ...sent,
        }),
      )

    for (let n = 0; n < 70; n += 10)
      await Promise.all(Array.from({ length: 10 }, (_, m) => answered(() => mailed(n + m))))

    expect(await db.mail.count()).toBe(60)
    await db.$transaction((tx) =>
      mailReceipt(tx, guest, from(publicId, "10.8.1.1"), { to: TO, ...sent }),
    )
    expect(await mailsOf(TO)).toHaveLength(1)
  })

  it("is mailed once, in the language of the page, when the delivery is finished several times", async () => {
    const { publicId } = await aRequest(ASKED)
    const guest = await aSender(publicId)

    const finished = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        answered(() => finishDelivery(guest, given(TO), from(publicId, "10.8.0.1"))),
      ),
    )

    expect(finished.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(await db.mail.findMany()).toMatchObject([
      { kind: "receipt", toAddress: TO, language: "de", targetId: guest.deliveryId },
    ])
  })

  it.each([
    ["without a mail server", TO, ASKED, withoutMail],
    ["to what is no address", "bo@example.org\r\nBcc: ada@example.org", ASKED, () => {}],
    ["to nobody", "", ASKED, () => {}],
    ["if its request asks for no address", TO, {}, () => {}],
  ])("is not mailed %s", async (_, to, request, prepare) => {
    prepare()
    const { publicId } = await aRequest(request)
    const guest = await aSender(publicId)

    await finishDelivery(guest, given(to), from(publicId, "10.8.0.1"))

    expect(await db.mail.count()).toBe(0)
  })

  it("is not mailed if the delivery is refused", async () => {
    const { publicId } = await aRequest(ASKED)
    const guest = await aSender(publicId)
    await startedBy(guest)

    await expect(finishDelivery(guest, given(TO), from(publicId, "10.8.0.1"))).rejects.toBeRefusal(
      "conflict",
    )

    expect(await db.mail.count()).toBe(0)
    expect(await db.attempt.count({ where: { purpose: { startsWith: "receipt" } } })).toBe(0)
  })

  it.each([
    ["its sender is erased", "sender"],
    ["its request is deleted", "request"],
  ])("leaves no address behind when %s", async (_, erased) => {
    const { id, ownerId, publicId } = await aRequest(ASKED)
    const [guest, other] = [await aSender(publicId), await aSender(publicId)]
    await finishDelivery(guest, given(TO), from(publicId, "10.8.0.1"))
    await finishDelivery(other, given("cy@example.org"), from(publicId, "10.8.0.2"))
    const [mail] = await mailsOf(TO)

    if (erased === "sender") await eraseDelivery(ownerId, guest.deliveryId, { files: "keep" })
    else await deleteRequest(ownerId, id, { files: "keep" })

    expect(await mailsOf(TO)).toEqual([])
    expect(await mailsOf("cy@example.org")).toHaveLength(erased === "sender" ? 1 : 0)
    await sendMail(mail?.id ?? "") // its job is still there
  })

  it("leaves no address behind when the sender is erased at the same moment", async () => {
    const { ownerId, publicId } = await aRequest(ASKED)
    for (let round = 0; round < 12; round++) {
      const guest = await aSender(publicId)
      await Promise.allSettled([
        finishDelivery(guest, given(`bo-${round}@example.org`), from(publicId, "10.8.0.1")),
        eraseDelivery(ownerId, guest.deliveryId, { files: "keep" }),
      ])
    }
    expect(await db.mail.count()).toBe(0)
  })
})
