import { expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aSharedFile } from "#testing/builders/shared-file.ts"
import { MINUTE } from "#testing/units.ts"
import { beginCutOff } from "../begin-cut-off.ts"
import { findLiveUrls } from "./find-live-urls.ts"

it.each([false, true])(
  "knows the last URL of a file in shares of several batches; of one file: %s",
  async (ofFile) => {
    const { owner: requestedById, fileId } = await aSharedFile()
    const id = await db.$transaction((tx) =>
      beginCutOff(tx, { requestedById, ...(ofFile ? { fileId } : {}) }),
    )
    await db.$executeRaw`UPDATE cut_off SET started_at = clock_timestamp() WHERE id = ${id}::uuid`
    await db.$executeRaw`
      WITH made AS (
        INSERT INTO share (id, owner_id, max_ttl_seconds)
        SELECT lpad(n::text, 32, '0')::uuid, ${requestedById}::uuid, 60 FROM generate_series(1, 1200) n
        RETURNING id
      ), holding AS (
        INSERT INTO share_file (share_id, file_id, position) SELECT id, ${fileId}::uuid, 0 FROM made
      )
      INSERT INTO cut_off_share (cut_off_id, share_id) SELECT ${id}::uuid, id FROM made`
    const lastAt = new Date()
    const clickOn = (share: number, secondsAgo: number) =>
      db.event.create({
        data: {
          shareId: share
            .toString()
            .padStart(32, "0")
            .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
          fileId,
          kind: "claim",
          at: new Date(lastAt.getTime() - secondsAgo * 1000),
        },
      })
    for (const [share, secondsAgo] of [
      [1, 40],
      [700, 30],
      [1_100, 0],
      [1_200, 20],
    ] as const)
      await clickOn(share, secondsAgo)

    await findLiveUrls({ id, fileId: ofFile ? fileId : null })
    await findLiveUrls({ id, fileId: ofFile ? fileId : null })

    const [found, ...others] = await db.cutOffFile.findMany({ where: { cutOffId: id } })
    expect(others).toEqual([])
    expect(found?.outUntil.getTime()).toBeGreaterThanOrEqual(lastAt.getTime() + MINUTE)
  },
)
