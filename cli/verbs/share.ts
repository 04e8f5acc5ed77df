import { randomUUID } from "node:crypto"
import { EXIT, Failure } from "../failure.ts"
import { type Ask, createAsk, findInstallation, sendAs } from "../installation.ts"
import { type Kept, keptProgress } from "../kept.ts"
import { type FileIds, keyOf, type Picked, pickFiles, withoutStored } from "../picked-files.ts"
import { print } from "../terminal.ts"
import { uploadFiles } from "../upload-files.ts"
import {
  type Options,
  PASSWORD_OPTIONS,
  passwordOf,
  readCount,
  readEnd,
  text,
  type Verb,
} from "../verb.ts"

type Share = { id: string; url: string; status: string }
type File = { id: string; status: string }

/**
 * The progress of an interrupted call: the files by place, and the share. An end such as "7d" counts
 * from `startedAt`, so that the body for the key stays the same.
 */
type Progress = { key: string; startedAt: number; fileIds: FileIds; shareId?: string }

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
  --early               prints the link at once, before the files have arrived
  --name NAME           the name of what comes from standard input (-)
  --json                prints the share as JSON`,
  options: {
    title: { type: "string" },
    expires: { type: "string" },
    limit: { type: "string" },
    ...PASSWORD_OPTIONS,
    early: { type: "boolean" },
    name: { type: "string" },
    json: { type: "boolean" },
  },
  operands: { least: 1, most: Number.POSITIVE_INFINITY },
  async run(options, operands) {
    const conditions = conditionsOf(options)
    const installation = await findInstallation()
    const ask = createAsk(installation)
    const password = await passwordOf(options)
    const files = await pickFiles(operands, text(options.name) ?? "stdin")
    const kept = await keptProgress<Progress>("share", [
      installation.url,
      conditions,
      password !== undefined,
      files.map(keyOf),
    ])
    const progress = continued(await kept.read())
    const missing = await withoutStored(files, progress.fileIds, async (id) => {
      const known = await ask<File>("GET", `/files/${id}`).catch(ifMissing)
      return known !== null && known.status !== "uploading"
    })
    const onStarted = async (ids: string[]) => {
      for (const [n, file] of missing.entries()) progress.fileIds[keyOf(file)] = ids[n] ?? ""
      await kept.write(progress)
      const made = await makeShare(ask, { files, progress, kept, conditions, password })
      if (options.early) show(made, options)
    }
    const sending = { filesUrl: `${installation.url}/api/v1/files`, send: sendAs(installation) }
    if (missing.length === 0) await onStarted([])
    else
      await uploadFiles(
        missing.map(({ source }) => source),
        { ...sending, onStarted },
      )
    // Read again, because by now its files are stored.
    if (!options.early) show(await ask<Share>("GET", `/shares/${progress.shareId}`), options)
    await kept.remove()
  },
}

function continued(before: Progress | null): Progress {
  if (before && Date.now() - before.startedAt < KEY_MS) return before
  return { fileIds: {}, ...before, key: randomUUID(), startedAt: Date.now() }
}

function conditionsOf(options: Options) {
  const expiresAt = text(options.expires)
  readEnd(expiresAt)
  return {
    title: text(options.title),
    expires: expiresAt,
    limit: readCount(text(options.limit), "limit"),
  }
}

type Making = {
  files: Picked[]
  progress: Progress
  kept: Kept<Progress>
  conditions: ReturnType<typeof conditionsOf>
  password: string | undefined
}

/** Makes the share, or finds the one of an interrupted call. */
async function makeShare(ask: Ask, { files, progress, kept, conditions, password }: Making) {
  const { shareId, startedAt } = progress
  const known = shareId ? await ask<Share>("GET", `/shares/${shareId}`).catch(ifMissing) : null
  if (known) return known
  const expiresAt = readEnd(conditions.expires, startedAt)
  const made = await ask<Share>("POST", "/shares", {
    headers: { "Idempotency-Key": progress.key },
    body: {
      fileIds: files.map((file) => progress.fileIds[keyOf(file)]),
      ...(conditions.title !== undefined && { title: conditions.title }),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(conditions.limit !== undefined && { maxDownloads: conditions.limit }),
      ...(password !== undefined && { password }),
    },
  })
  progress.shareId = made.id
  await kept.write(progress)
  return made
}

function ifMissing(error: unknown): null {
  if (error instanceof Failure && error.exit === EXIT.missing) return null
  throw error
}

const show = (made: Share, { json }: Options) => print(json ? JSON.stringify(made) : made.url)
