import "server-only"
import { randomUUID } from "node:crypto"
import { DeleteObjectCommand } from "@aws-sdk/client-s3"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { isRefusal, reasonOf } from "#lib/adapters/storage/calls/reason-of.ts"
import { copyInParts, copyObject } from "#lib/adapters/storage/copy.ts"
import { ask } from "#lib/adapters/storage/doctor/answers.ts"
import type { Probe } from "#lib/adapters/storage/doctor/probe.ts"
import { headObject } from "#lib/adapters/storage/objects.ts"
import { presignOwnGet } from "#lib/adapters/storage/presign.ts"
import { inBucket, storageClient } from "#lib/adapters/storage/storage-client.ts"
import { colourObject, readColour } from "#lib/adapters/storage/tags.ts"
import { deleteVersions } from "#lib/adapters/storage/versions.ts"

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

/** Checks whether a deleted object is gone, with its versions. */
export async function checkDelete(probe: Probe): Promise<Found<"delete">> {
  const { key } = await probe.put()
  const { DeleteMarker } = await storageClient().s3.send(new DeleteObjectCommand(inBucket(key)))
  try {
    if (DeleteMarker) await deleteVersions(key) // repeats the listing until there are none
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { state: "fail", code: "left", values: { reason: reasonOf(error) } }
  }
  if ((await headObject(key)) !== null) return { state: "fail", code: "stays" }
  return { state: "ok", code: DeleteMarker ? "removed" : "ok" }
}
