import { db } from "#lib/adapters/database.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { publicStorageOrigin } from "#lib/adapters/storage.ts"
import { rollUp } from "#lib/rooms/activity/charts/roll-up.ts"
import type { FileView } from "#lib/rooms/files/file.ts"
import { createShare } from "#lib/rooms/shares/edit/create-share.ts"
import { type SampleFile, sampleFiles } from "./sample-files.ts"
import { makeMembers, notNew, type SampleMember, type SignIn } from "./sample-members.ts"
import { makeRequests } from "./sample-requests.ts"
import { makeShares } from "./sample-shares.ts"
import { markSample, unmarkSample } from "./unfinished-sample.ts"
import { uploadSample } from "./upload-sample.ts"

/** Throws a SetupError if the installation has a member already. */
async function requireNewInstallation(): Promise<void> {
  if (await db.member.findFirst({ select: { id: true } })) throw notNew()
}

/**
 * Fills a new installation with an admin, members, files, requests for files, and shares of every
 * status with visits of the last weeks. Returns the credentials of an admin and a member. The product's own functions
 * create the rows, and SQL moves their dates back. Must run before the jobs, because they count
 * each event once. If it does not finish, the next start reports that.
 */
export async function makeSample(dataDirectory: string): Promise<SignIn[]> {
  await requireNewInstallation()
  await requireStore()
  markSample(dataDirectory)
  // jobs of an earlier start may have counted these days while they had no events
  await db.rollup.deleteMany()
  const { admin, grace, alan } = await makeMembers()
  const files = sampleFiles()
  await makeShares(grace, await uploadAll(grace, files))
  await makeRequests(grace, files)
  const figures = files.filter(({ contentType }) => contentType === "text/csv")
  await uploadAll(
    alan,
    figures.map((file) => ({ ...file, path: "Gauge" })),
  )
  await createShare(alan, { folder: "Gauge" })
  await db.$executeRaw`UPDATE member SET created_at = created_at - interval '60 days'`
  for (const member of [admin, grace, alan]) await member.leave()
  // The overview reads only a day of events that no job has counted.
  await rollUp()
  unmarkSample(dataDirectory)
  return [admin.signIn, grace.signIn]
}

/** Uploads the files and dates them 50 days back. */
async function uploadAll(by: SampleMember, files: SampleFile[]) {
  const uploaded: FileView[] = []
  for (const file of files) uploaded.push(await uploadSample(by.owner, file))
  await db.$executeRaw`
    UPDATE file SET created_at = created_at - interval '50 days',
      ready_at = ready_at - interval '50 days'
    WHERE owner_id = ${by.owner}::uuid`
  return uploaded
}

/** Throws a SetupError if the store does not answer at its public address, which uploads use. */
async function requireStore() {
  const origin = await publicStorageOrigin()
  await fetch(origin).catch((error) => {
    throw new SetupError(
      `Sample data is uploaded to ${origin}, as browsers do, and nothing answers there: correct S3_PUBLIC_ENDPOINT, or start without --sample.`,
      { cause: error },
    )
  })
}
