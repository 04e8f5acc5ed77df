import { Agent, get } from "node:http"
import { setTimeout as wait } from "node:timers/promises"
import {
  CreateBucketCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { aClient, aDirectory, aSigner, aStore, aStoreProcess, BUCKET, presign } from "../testing.ts"

const CONNECTIONS = 16
const FLIPS = process.env.HEAVY ? 300 : 8
const KILLS = process.env.HEAVY ? 6 : 1
/** No colour comes twice, so that a request with an old one must always be refused. */
const SIGNERS = Array.from({ length: FLIPS + 1 }, (_, index) => aSigner(colour(index)))

function colour(index: number) {
  return `c${index}`
}

let store: Awaited<ReturnType<typeof aStore>>
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
beforeAll(async () => {
  store = await aStore({ restrictedKeys: SIGNERS })
})
afterAll(async () => {
  agent.destroy()
  expect(store.errors).toEqual([])
  await store.close()
})

type Answer = { status: number; body: string }

function read(key: string, signer: number, headers: Record<string, string> = {}) {
  const keys = SIGNERS[signer] ?? aSigner("none")
  const { target } = presign(store.url, { target: `/${BUCKET}/${key}` }, { keys })
  return new Promise<Answer>((resolve, reject) => {
    get(`${store.url}${target}`, { agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("error", reject)
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      )
    }).on("error", reject)
  })
}

/**
 * Reads on many connections, with the current colour, the previous one and older ones, while `flip`
 * gives the object one colour after another. `check` gets each answer, with the last colour whose
 * flip was answered when the request began, and the last one that was sent when it ended.
 */
async function readWhileFlipping(
  key: string,
  flip: (index: number) => Promise<unknown>,
  check: (asked: number, answer: Answer, answered: number, sent: number) => void,
) {
  let answered = 0
  let sent = 0
  let running = true
  await flip(0)
  const reader = async (number: number) => {
    for (let turn = number; running; turn++) {
      const began = answered
      const asked = Math.max(0, began - (turn % 4))
      const headers: Record<string, string> = turn % 3 === 0 ? { range: "bytes=0-" } : {}
      check(asked, await read(key, asked, headers), began, sent)
    }
  }
  const readers = Promise.all(Array.from({ length: CONNECTIONS }, (_, number) => reader(number)))
  for (let index = 1; index <= FLIPS; index++) {
    sent = index
    await flip(index)
    answered = index
    if (index % 3 === 0) await wait(5) // also a while without a flip
  }
  running = false
  await readers
}

describe("while tags change under 16 connections", () => {
  it("no request that began after a change was answered reads with an older colour", async () => {
    await store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "o/flip", Body: "body" }))
    const counts = { read: 0, refused: 0, wrong: 0 }
    const recolour = (index: number) => {
      const TagSet = [{ Key: "signer", Value: colour(index) }]
      return store.s3.send(
        new PutObjectTaggingCommand({ Bucket: BUCKET, Key: "o/flip", Tagging: { TagSet } }),
      )
    }
    await readWhileFlipping("o/flip", recolour, (asked, { status }, answered, sent) => {
      if (status === 403) counts.refused++
      else counts.read++
      if (asked < answered && status !== 403) counts.wrong++
      if (asked === sent && status === 403) counts.wrong++
    })
    expect(counts.wrong).toBe(0)
    expect(counts.read).toBeGreaterThan(0)
    expect(counts.refused).toBeGreaterThan(0)
  })

  it("a colour always reads the bytes that were stored with it", async () => {
    const bodies = new Map<number, Set<string>>()
    const replace = (index: number) =>
      store.s3.send(
        new PutObjectCommand({
          Bucket: BUCKET,
          Key: "o/replaced",
          Body: `body ${index}`,
          Tagging: `signer=${colour(index)}`,
        }),
      )
    await readWhileFlipping("o/replaced", replace, (asked, { status, body }) => {
      if (status !== 403) bodies.set(asked, (bodies.get(asked) ?? new Set()).add(body))
    })
    expect(bodies.size).toBeGreaterThan(0)
    for (const [index, found] of bodies) expect([...found]).toEqual([`body ${index}`])
  })
})

describe("kill -9 after a change of tags was answered", () => {
  it("leaves the new colour in force and the old one without access", async () => {
    const place = await aDirectory()
    const signers = [aSigner("red"), aSigner("blue")] as const
    const env = { LOCAL_S3_RESTRICTED_KEYS: JSON.stringify(signers) }
    let running = await aStoreProcess(place.dir, { env })
    const s3 = () => aClient(running.url)
    const object = { Bucket: BUCKET, Key: "o/k" }
    await s3().send(new CreateBucketCommand({ Bucket: BUCKET }))
    await s3().send(new PutObjectCommand({ ...object, Body: "body" }))
    for (let round = 0; round < KILLS; round++) {
      const value = round % 2 === 0 ? "red" : "blue"
      const Tagging = { TagSet: [{ Key: "signer", Value: value }] }
      await s3().send(new PutObjectTaggingCommand({ ...object, Tagging }))
      await running.end("SIGKILL")
      running = await aStoreProcess(place.dir, { env })
      const { TagSet } = await s3().send(new GetObjectTaggingCommand(object))
      expect(TagSet).toEqual(Tagging.TagSet)
      for (const keys of signers) {
        const { target } = presign(running.url, { target: `/${BUCKET}/o/k` }, { keys })
        const { status } = await fetch(`${running.url}${target}`)
        const isInForce = keys.only.tags[0]?.value === value
        expect([keys.accessKeyId, status]).toEqual([keys.accessKeyId, isInForce ? 200 : 403])
      }
    }
    await running.end("SIGTERM")
    await place.remove()
  })
})
