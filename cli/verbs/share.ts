import { randomBytes, randomUUID, scryptSync } from "node:crypto"
import { peopleOfList } from "#lib/rooms/accounts/invites/addresses-of-list.ts"
import {
  anything,
  listOf,
  type Of,
  object,
  optional,
  orNull,
  shaped,
  text as string,
} from "../answer-shapes.ts"
import { EXIT, Failure, usageError } from "../failure.ts"
import { type Ask, createAsk, findInstallation, requireScopes, sendAs } from "../installation.ts"
import { type Kept, keptProgress } from "../kept.ts"
import {
  type FileIds,
  keyOf,
  noteIds,
  type Picked,
  pickFiles,
  withoutStored,
} from "../picked-files.ts"
import { print, printJson, say } from "../terminal.ts"
import { uploadFiles } from "../upload-files.ts"
import {
  ifTakenOf,
  type Options,
  PASSWORD_OPTIONS,
  passwordOf,
  readCount,
  readEnd,
  TAKEN_OPTIONS,
  TAKEN_USAGE,
  text,
  type Verb,
} from "../verb.ts"
import { Link, linkOf, nameOfLink } from "./shares.ts"

const Share = object({ id: string, url: orNull(string), status: string })
type Share = Of<typeof Share>
const File = object({ id: string, status: string })

const Answers = object({ items: listOf(anything) })
const Answer = object({
  link: optional(Link),
  problem: optional(object({ code: string, title: string })),
})

/** How many recipients the API adds at once. */
const MOST_PEOPLE = 100

/** A share that an interrupted call has begun. */
type Begun = { key: string; startedAt: number; shareId?: string; url?: string | null }

/** State left by interrupted calls with these files: files by place, shares by conditions. */
type Progress = { salt: string; fileIds: FileIds; shares: Record<string, Begun> }

const SCOPES = ["files:read", "files:write", "shares:read", "shares:write"]

/** How long an installation knows an Idempotency-Key, in milliseconds. */
const KEY_MS = 24 * 3_600_000

export const share: Verb = {
  summary: "uploads files and prints their link",
  usage: `lapse share FILE|DIR|- ... [options]

Uploads files straight to the bucket and prints the link of their share.
Interrupted, the same command continues where it was.

  --title TEXT          the title that visitors see
  --expires WHEN        30m, 12h, 7d, 4w, 2027-01-31 or never
  --limit N             the number of downloads
  --password            asks for a password; --password-file FILE reads it
  --to ADDRESS,...      mails them a link each, or prints these links where there is no mail
  --message TEXT        what the mail says
  --verify              asks them for a code by mail; without a link for anyone
  --early               prints the link at once, before the files have arrived
${TAKEN_USAGE}
  --name NAME           the name of what comes from standard input (-)
  --json                prints the share as JSON`,
  options: {
    title: { type: "string" },
    expires: { type: "string" },
    limit: { type: "string" },
    ...PASSWORD_OPTIONS,
    to: { type: "string", multiple: true },
    message: { type: "string" },
    verify: { type: "boolean" },
    early: { type: "boolean" },
    ...TAKEN_OPTIONS,
    name: { type: "string" },
    json: { type: "boolean" },
  },
  operands: { least: 1, most: Number.POSITIVE_INFINITY },
  async run(options, operands) {
    const conditions = conditionsOf(options)
    const ifTaken = ifTakenOf(options)
    const people = peopleOf(options)
    const { verify, message } = { verify: options.verify === true, message: text(options.message) }
    const installation = await findInstallation()
    const ask = createAsk(installation)
    const password = await passwordOf(options)
    const files = await pickFiles(operands, text(options.name) ?? "stdin")
    await requireScopes(ask, SCOPES)
    const kept = await keptProgress<Progress>("share", [installation.url, files.map(keyOf)])
    const progress = (await kept.read()) ?? { salt: newSalt(), fileIds: {}, shares: {} }
    const digest = digestOf(progress, [conditions, password])
    const begun = continued(progress.shares[digest])
    sayOthers(progress, digest)
    progress.shares[digest] = begun
    const missing = await withoutStored(files, progress.fileIds, async (id) => {
      const known = await ask("GET /files/{id}", { id }, File).catch(ifMissing)
      return known !== null && known.status !== "uploading" && known.status !== "abandoned"
    })
    const onRecords = (ids: (string | null)[]) => {
      noteIds(progress.fileIds, missing, ids)
      return kept.write(progress)
    }
    const onStarted = async () => {
      await kept.write(progress)
      const made = await makeShare(ask, { files, progress, begun, kept, conditions, password })
      if (options.early) show(made, options)
    }
    const sending = { filesUrl: `${installation.url}/api/v1/files`, send: sendAs(installation) }
    if (missing.length === 0) await onStarted()
    else
      await uploadFiles(
        missing.map(({ source }) => source),
        { ...sending, ifTaken, onRecords, onStarted },
      )
    if (people.length > 0) {
      const sending = { recipients: people, verify, message }
      // Another list, such as one with an address mended, is another call.
      const key = `${begun.key}-${digestOf(progress, [sending])}`
      await sendTo(ask, begun, { ...sending, key })
    }
    // Read again, because by now its files are stored.
    if (!options.early)
      show(await ask("GET /shares/{id}", { id: begun.shareId ?? "" }, Share), options)
    delete progress.shares[digest]
    if (Object.keys(progress.shares).length === 0) await kept.remove()
    else await kept.write(progress)
  },
}

const newSalt = () => randomBytes(16).toString("hex")

/** Tells conditions apart, password included, without keeping them. */
const digestOf = ({ salt }: Progress, conditions: unknown[]) =>
  scryptSync(JSON.stringify(conditions), salt, 16).toString("hex")

function continued(before: Begun | undefined): Begun {
  if (before && Date.now() - before.startedAt < KEY_MS) return before
  return { ...before, key: randomUUID(), startedAt: Date.now() }
}

function sayOthers({ shares }: Progress, digest: string) {
  for (const [conditions, { url, startedAt }] of Object.entries(shares)) {
    if (conditions === digest) continue
    if (Date.now() - startedAt > KEY_MS) delete shares[conditions]
    const what = url ? `made ${url}, which stays` : "may have made a link: lapse list shows it"
    say(`An interrupted call with other conditions ${what}. This call makes another link.`)
  }
}

/** Reads `--to`, which may be given several times, each with several addresses. */
function peopleOf({ to, verify, message }: Options): string[] {
  const people = peopleOfList(Array.isArray(to) ? to.join("\n") : "")
  if (people.length === 0 && (verify || message)) throw usageError("--to says to whom.")
  if (people.length > MOST_PEOPLE) throw usageError(`--to takes at most ${MOST_PEOPLE} addresses.`)
  return people
}

const conditionsOf = (options: Options) => ({
  ...(options.verify && { openLink: false }),
  title: text(options.title),
  ...readEnd(text(options.expires)),
  maxDownloads: readCount(text(options.limit), "limit"),
})

type Making = {
  files: Picked[]
  progress: Progress
  begun: Begun
  kept: Kept<Progress>
  conditions: ReturnType<typeof conditionsOf>
  password: string | undefined
}

/** Makes the share, or finds the one of an interrupted call. */
async function makeShare(ask: Ask, { files, progress, begun, kept, conditions, password }: Making) {
  const { shareId } = begun
  const known = shareId
    ? await ask("GET /shares/{id}", { id: shareId }, Share).catch(ifMissing)
    : null
  if (known) return known
  // Those that were left out have no id.
  const fileIds = [...new Set(files.flatMap((file) => progress.fileIds[keyOf(file)] || []))]
  if (fileIds.length === 0) throw new Failure(EXIT.missing, "There are no files to share.")
  const body = { fileIds, ...conditions, password }
  const made = await ask("POST /shares", { body }, Share, { "Idempotency-Key": begun.key })
  Object.assign(begun, { shareId: made.id, url: made.url })
  await kept.write(progress)
  return made
}

type Sending = { recipients: string[]; verify: boolean; message: string | undefined; key: string }

/** Adds recipients, each of whom has a link already, has one then, or is refused. */
async function sendTo(ask: Ask, { shareId: id = "" }: Begun, sending: Sending) {
  const { recipients, verify, message, key } = sending
  const body = { recipients, message, ...(verify && { verify }) }
  const headers = { "Idempotency-Key": key }
  const { items } = await ask("POST /shares/{id}/links/batch", { id, body }, Answers, headers)
  const refused = items.flatMap((item, place) => {
    const { link, problem } = shaped(item, Answer)
    if (link) say(link.mail ? `Mailed to ${link.address}.` : `${nameOfLink(link)}: ${link.url}`)
    const why = problem?.title.replace(/^recipient: /, "")
    return problem && problem.code !== "conflict" ? [`${recipients[place]}: ${why}`] : []
  })
  if (refused.length > 0) throw new Failure(EXIT.failed, refused.join("\n"))
}

function ifMissing(error: unknown): null {
  if (error instanceof Failure && error.exit === EXIT.missing) return null
  throw error
}

const show = (made: Share, { json }: Options) => (json ? printJson(made) : print(linkOf(made)))
