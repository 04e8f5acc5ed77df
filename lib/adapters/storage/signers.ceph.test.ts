import { randomBytes } from "node:crypto"
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3"
import { S3RequestPresigner } from "@aws-sdk/s3-request-presigner"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { openCeph } from "#testing/ceph/ceph.ts"
import { signerPolicy } from "#testing/ceph/signer-policy.ts"
import { s3ClientFor } from "#testing/store/s3-client.ts"

// The basis of a cut off by colour: a key reads an object only while the object's tag `signer` is
// the colour of the key.
const COLOURS = ["amber", "blue"] as const
type Colour = (typeof COLOURS)[number]

const BYTES = "0123456789"
const Bucket = `colours-${randomBytes(8).toString("hex")}`
const ceph = openCeph(inject("store").cephDirectory)
const app = s3ClientFor(ceph)

function clientOfColour(colour: Colour) {
  const keys = inject("store").signers?.find((signer) => signer.colour === colour)
  if (!keys) throw new Error(`There is no signer of the colour ${colour}.`)
  return s3ClientFor({ ...ceph, ...keys })
}

const clientOf = { amber: clientOfColour("amber"), blue: clientOfColour("blue") }

beforeAll(async () => {
  await app.send(new CreateBucketCommand({ Bucket }))
  await ceph.putBucketPolicy(Bucket, signerPolicy(Bucket, COLOURS))
})

afterAll(() => {
  for (const client of [app, clientOf.amber, clientOf.blue]) client.destroy()
})

async function anObject({ colour, prefix = "o/" }: { colour?: Colour; prefix?: string } = {}) {
  const Key = `${prefix}${randomBytes(20).toString("hex")}`
  await app.send(new PutObjectCommand({ Bucket, Key, Body: BYTES }))
  if (colour) await recolour(Key, colour)
  return Key
}

const recolour = (Key: string, colour: string) =>
  app.send(
    new PutObjectTaggingCommand({
      Bucket,
      Key,
      Tagging: { TagSet: [{ Key: "signer", Value: colour }] },
    }),
  )

async function signedGet(client: S3Client, key: string, query: Record<string, string> = {}) {
  const { protocol, hostname, port } = new URL(ceph.endpoint)
  const path = `/${Bucket}/${key}`
  const signed = await new S3RequestPresigner(client.config).presign(
    { method: "GET", protocol, hostname, port: Number(port), path, query, headers: {} },
    { expiresIn: 60 },
  )
  const url = new URL(path, ceph.endpoint)
  url.search = new URLSearchParams(signed.query as Record<string, string>).toString()
  return url
}

const RANGE = { range: "bytes=2-4" }

/** The statuses of a GET of the whole object and of a Range. */
async function statuses(url: URL) {
  const whole = await fetch(url)
  const range = await fetch(url, { headers: RANGE })
  if (whole.ok) expect(await whole.text()).toBe(BYTES)
  if (range.ok) expect(await range.text()).toBe(BYTES.slice(2, 5))
  return [whole.status, range.status]
}

const READS = [200, 206]
const REFUSED = [403, 403]

describe("a signer of a colour", () => {
  it("reads an object of its colour, whole and a Range, and none of another or of no colour", async () => {
    const amber = await anObject({ colour: "amber" })
    const untagged = await anObject()

    expect(await statuses(await signedGet(clientOf.amber, amber))).toEqual(READS)
    expect(await statuses(await signedGet(clientOf.blue, amber))).toEqual(REFUSED)
    for (const colour of COLOURS) {
      expect(await statuses(await signedGet(clientOf[colour], untagged))).toEqual(REFUSED)
    }
  })

  it("reads nothing outside of o/, and nothing whose colour only looks like its own", async () => {
    const outside = await anObject({ colour: "amber", prefix: "probe/" })
    expect(await statuses(await signedGet(clientOf.amber, outside))).toEqual(REFUSED)

    const alike = await anObject()
    for (const colour of ["Amber", "amber ", "amber2", "ambe", "*"]) {
      await recolour(alike, colour)
      expect(await statuses(await signedGet(clientOf.amber, alike)), colour).toEqual(REFUSED)
    }
  })

  it("reads at once what is tagged with its colour, and no longer after the next tag", async () => {
    const key = await anObject({ colour: "amber" })
    const kept = {
      amber: await signedGet(clientOf.amber, key),
      blue: await signedGet(clientOf.blue, key),
    }

    for (let turn = 0; turn < 20; turn += 1) {
      const [now, before] =
        turn % 2 === 0 ? (["blue", "amber"] as const) : (["amber", "blue"] as const)
      await recolour(key, now)
      const asked = await Promise.all([statuses(kept[before]), statuses(kept[now])])
      expect(asked, `turn ${turn}`).toEqual([REFUSED, READS])
    }
  })

  it("serves none of 200 kept URLs after one tag write, and every new one", async () => {
    const key = await anObject({ colour: "amber" })
    const kept = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        signedGet(clientOf.amber, key, { "x-lapse-claim": `${n}` }),
      ),
    )
    const answers = (urls: URL[]) => Promise.all(urls.map(async (url) => (await fetch(url)).status))
    expect(new Set(await answers(kept))).toEqual(new Set([200]))

    await recolour(key, "blue")

    expect(new Set(await answers(kept))).toEqual(new Set([403]))
    const fresh = await Promise.all(
      Array.from({ length: 100 }, () => signedGet(clientOf.blue, key)),
    )
    expect(new Set(await answers(fresh))).toEqual(new Set([200]))
  })

  it("can neither tag, list, put, delete nor read versions", async () => {
    const key = await anObject({ colour: "amber" })
    const signer = clientOf.amber
    const object = { Bucket, Key: key }
    const Tagging = { TagSet: [{ Key: "signer", Value: "amber" }] }
    const tries = [
      () => signer.send(new PutObjectTaggingCommand({ ...object, Tagging })),
      () => signer.send(new GetObjectTaggingCommand(object)),
      () => signer.send(new DeleteObjectTaggingCommand(object)),
      () => signer.send(new ListObjectsV2Command({ Bucket })),
      () => signer.send(new PutObjectCommand({ Bucket, Key: "o/new", Body: "x" })),
      () => signer.send(new PutObjectCommand({ ...object, Body: "x" })),
      () => signer.send(new DeleteObjectCommand(object)),
      () => signer.send(new ListObjectVersionsCommand({ Bucket })),
      () => signer.send(new CreateBucketCommand({ Bucket: `${Bucket}-2` })),
    ]

    for (const tryIt of tries) {
      await expect(tryIt(), `${tryIt}`).rejects.toMatchObject({
        $metadata: { httpStatusCode: 403 },
      })
    }
    expect(await statuses(await signedGet(signer, key))).toEqual(READS)
  })

  it("cannot read an old version of its colour if the bucket keeps versions", async () => {
    const key = await anObject({ colour: "amber" })
    await app.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }),
    )
    const { VersionId } = await app.send(new PutObjectCommand({ Bucket, Key: key, Body: "other" }))
    const old = { Bucket, Key: key, VersionId: "null" }
    expect((await app.send(new GetObjectCommand(old))).ContentLength).toBe(BYTES.length)

    for (const version of [VersionId ?? "", "null"]) {
      const url = await signedGet(clientOf.amber, key, { versionId: version })
      expect((await fetch(url)).status, version).toBe(403)
    }
  })

  it("signs x-lapse-claim into a URL: Ceph accepts it and refuses another", async () => {
    const key = await anObject({ colour: "amber" })
    const claim = "0199d3a4-7c1e-7b52-9a53-3d6f0c1b2a4d"
    const url = await signedGet(clientOf.amber, key, { "x-lapse-claim": claim })
    const changed = (change: (query: URLSearchParams) => void) => {
      const other = new URL(url)
      change(other.searchParams)
      return statuses(other)
    }

    expect(await statuses(url)).toEqual(READS)
    expect(await changed((query) => query.set("x-lapse-claim", "another"))).toEqual(REFUSED)
    expect(await changed((query) => query.delete("x-lapse-claim"))).toEqual(REFUSED)
    expect(await changed((query) => query.append("x-lapse-claim", claim))).toEqual(REFUSED)
    const plain = await signedGet(clientOf.amber, key)
    plain.searchParams.set("x-lapse-claim", claim)
    expect(await statuses(plain)).toEqual(REFUSED)
  })
})
