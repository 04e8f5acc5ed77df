import { SetupError } from "#lib/adapters/errors.ts"
import { type Change, NONE, openBucketAdmin, type Place } from "#lib/adapters/storage.ts"
import { EXIT } from "#server/commands/command.ts"
import { confirm } from "#server/commands/confirm.ts"
import { connectDatabase, withTables } from "#server/commands/connect.ts"
import { examine } from "#server/commands/doctor-command.ts"
import { readKeys } from "#server/configuration/environment.ts"
import { UsageError } from "#server/configuration/read-options.ts"
import { notesFor, wantedOf } from "./bucket-documents.ts"
import type { BucketInput, Options } from "./bucket-input.ts"

/** Merges the rules that Lapse needs into the bucket, after asking, and runs the checks. */
export async function applyBucket(input: BucketInput, options: Options): Promise<number> {
  if (input.isIncomplete && input.flavour === "aws") {
    throw new UsageError("Name the number of your AWS account with --account, or ARNs.")
  }
  const { region, endpoint, forcePathStyle, policy } = input
  const credentials = adminKeys(options)
  const place = { bucket: policy.bucket, region, endpoint, forcePathStyle }
  const admin = openBucketAdmin({ ...place, credentials })
  try {
    const wanted = wantedOf(input)
    const planned = await admin.plan(wanted)
    console.log(planned.map(difference).join("\n\n"))
    for (const note of notesFor(input)) console.log(`\n${note}`)
    if (!planned.some(({ merge }) => merge?.isChanged)) {
      console.log("\nThere is nothing to write.")
    } else {
      if (!options.yes && !(await confirm("\nWrite this to the bucket?"))) return EXIT.refused
      const done = await admin.apply(wanted)
      console.log(`\n${done.map(outcome).join("\n")}`)
      planned.splice(0, planned.length, ...done)
    }
    const examined = await examineAfter()
    return planned.some(({ refusal }) => refusal) ? EXIT.found : examined
  } finally {
    admin.close()
  }
}

function adminKeys({ "keys-from": prefix, profile }: Options) {
  if (typeof profile === "string") return { profile }
  if (typeof prefix !== "string") {
    throw new UsageError(
      "Name keys that may change the bucket, with --keys-from or --profile: the app's key should not be allowed to.",
    )
  }
  const keys = readKeys(prefix)
  if (keys) return keys
  throw new SetupError(`Set ${prefix}_ACCESS_KEY_ID and ${prefix}_SECRET_ACCESS_KEY.`)
}

const NAMES: Record<Place, string> = { policy: "Policy", cors: "CORS", lifecycle: "Lifecycle" }

function difference({ place, refusal, merge }: Change) {
  const name = NAMES[place]
  if (refusal === NONE) return `${name}: ${NONE}.`
  if (!merge) return `${name}: cannot be read (${refusal}). It is not written.`
  const { kept, removed, added, isChanged } = merge
  const others = `${kept.length} of others stay${kept.length === 1 ? "s" : ""}`
  if (!isChanged) return `${name}: as it should be; ${others}.`
  return [
    `${name}: ${others}.`,
    ...removed.map((item) => signed("-", item)),
    ...added.map((item) => signed("+", item)),
  ].join("\n")
}

const signed = (sign: string, item: unknown) =>
  JSON.stringify(item, null, 2)
    .split("\n")
    .map((line) => `${sign} ${line}`)
    .join("\n")

function outcome({ place, refusal, merge }: Change) {
  const name = NAMES[place]
  if (refusal === NONE) return `${name}: ${NONE}.`
  if (refusal)
    return `${name}: could not be set (${refusal}). Set it by hand: lapse bucket policy prints it.`
  return merge?.isChanged ? `${name}: written and read back.` : `${name}: left as it was.`
}

/** Runs the doctor, without a database if there is none yet, as before the first start. */
async function examineAfter(): Promise<number> {
  console.log("")
  try {
    await connectDatabase()
    return await withTables(examine)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    console.log(`The doctor was not run. ${error.message}`)
    return EXIT.clean
  }
}
