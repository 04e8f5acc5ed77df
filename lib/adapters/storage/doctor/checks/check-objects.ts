import "server-only"
import { randomUUID } from "node:crypto"
import { DeleteObjectCommand } from "@aws-sdk/client-s3"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { isRefusal, reasonOf } from "#lib/adapters/storage/calls/reason-of.ts"
import { copyInParts, copyObject } from "#lib/adapters/storage/copy.ts"
import { ask } from "#lib/adapters/storage/doctor/answers.ts"
import type { Probe } from "#lib/adapters/storage/doctor/probe.ts"
import { deleteObject, headObject } from "#lib/adapters/storage/objects.ts"
import { dispositionOf, presignOwnGet } from "#lib/adapters/storage/presign.ts"
import { inBucket, storageClient } from "#lib/adapters/storage/storage-client.ts"
import { colourObject, readColour } from "#lib/adapters/storage/tags.ts"
import { deleteVersions } from "#lib/adapters/storage/versions.ts"
import { clickAddress } from "./check-public.ts"

const NAME = "Übersicht 図面.txt"

/** Checks whether copies of an object uploaded in parts are identical, as a whole and by parts. */
export async function checkCopy(probe: Probe): Promise<Found<"copy">> {
  const source = await probe.putParts()
  const [colour = null] = storageClient().signers.keys()
  const [whole, parts] = [probe.newKey(), probe.newKey()]
  const copy = {
    from: source.key,
    size: source.bytes.length,
    contentType: "text/plain",
    colour,
    otherTags: [],
    fileId: randomUUID(),
  }
  await copyObject({ ...copy, to: whole })
  // As a cut off does, because Ceph copies an object without the tag that the copy should have.
  if (colour && (await readColour(whole)) !== colour) await colourObject(whole, colour)
  await copyInParts({ ...copy, to: parts })
  const read = async (key: string) => (await ask(await ownAddress(probe, key))).text
  const isTrue =
    (await read(whole)) === source.bytes &&
    (await read(parts)) === source.bytes &&
    (colour === null || (await readColour(whole)) === colour)
  return isTrue ? { state: "ok", code: "ok" } : { state: "fail", code: "wrong" }
}

const ownAddress = async (probe: Probe, key: string) => presignOwnGet(key, null, await probe.now())

/** Checks whether a deleted object is gone. */
export async function checkDelete(probe: Probe): Promise<Found<"delete">> {
  const { key } = await probe.put()
  await deleteObject(key)
  const isGone = (await headObject(key)) === null
  return isGone ? { state: "ok", code: "ok" } : { state: "fail", code: "stays" }
}

/** Checks whether a delete leaves versions, as in a bucket with versioning. */
export async function checkVersioning(probe: Probe): Promise<Found<"versioning">> {
  const { key } = await probe.put()
  const { DeleteMarker } = await storageClient().s3.send(new DeleteObjectCommand(inBucket(key)))
  if (!DeleteMarker) return { state: "ok", code: "none" }
  try {
    await deleteVersions(key) // repeats the listing until there are none
    return { state: "ok", code: "removed" }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { state: "fail", code: "left", values: { reason: reasonOf(error) } }
  }
}

/** Checks whether downloads have the name and type from their URL. */
export async function checkOverrides(probe: Probe): Promise<Found<"overrides">> {
  const { key } = await probe.put()
  const { headers } = await ask(await clickAddress(probe, key, { name: NAME }))
  const wanted = {
    "content-disposition": dispositionOf(NAME, "attachment"),
    "content-type": "text/plain",
    "cache-control": "no-store",
  }
  const ignored = Object.entries(wanted)
    .filter(([name, value]) => !headers.get(name)?.startsWith(value))
    .map(([name]) => name)
  if (ignored.length === 0) return { state: "ok", code: "ok" }
  return { state: "fail", code: "ignored", values: { headers: ignored.join(", ") } }
}
