import { afterEach, describe, expect, it, vi } from "vitest"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { callApi } from "#testing/call-api.ts"
import { failureOf } from "#visitor/zip/zip-failure.ts"
import { createClaims } from "./claim-urls.ts"

afterEach(() => {
  vi.unstubAllGlobals()
})

/** The claims of a member's worker, whose requests the API answers. */
function claimsOf(member: string | null) {
  vi.stubGlobal("fetch", (address: string, { body }: { body: string }) => {
    expect(address).toBe("/api/v1/files/download")
    return callApi("POST /files/download", { as: member, body: JSON.parse(body) })
  })
  const { signal } = new AbortController()
  return createClaims({ of: { team: null }, signal, onWaiting: () => {} })
}

describe("the URLs of a member's own files", () => {
  it("leave out a file that was deleted in the meantime, and are none if all were", async () => {
    const owner = await aMember()
    const [kept, deleted] = [await aFile({ owner }), await aFile({ owner })]
    await deleteFile(owner, deleted.id)
    const claim = claimsOf(owner)

    const claimed = await claim([kept.id, deleted.id])
    expect(claimed?.files.map(({ id }) => id)).toEqual([kept.id])
    expect((claimed?.until ?? 0) - performance.now()).toBeGreaterThan(45_000)
    expect(await claim([deleted.id])).toBeNull()
  })

  it("end the archive with the app's reason when the session has ended", async () => {
    const { id } = await aFile()

    const failed = await claimsOf(null)([id]).catch((error: unknown) => failureOf(error))
    expect(failed).toMatchObject({ why: "refused", reason: expect.stringMatching(/sign in/i) })
  })
})
