import { MAX_UNSENT_FILES } from "#lib/rooms/requests/guest/request-page.ts"
import { anything, listOf, object, optional, orNull, text as string } from "../answer-shapes.ts"
import { usageError } from "../failure.ts"
import { createAsk, failureOf, findInstallation, pageOf, pagesOf } from "../installation.ts"
import { keptProgress } from "../kept.ts"
import { type FileIds, noteIds, pickFiles, withoutStored } from "../picked-files.ts"
import { print, printJson } from "../terminal.ts"
import { uploadFiles } from "../upload-files.ts"
import {
  ifTakenOf,
  PASSWORD_OPTIONS,
  passwordOf,
  readCount,
  readEnd,
  TAKEN_OPTIONS,
  TAKEN_USAGE,
  text,
  type Verb,
} from "../verb.ts"
import { type Cookies, callLink, createCall, createVisit, readLink, unlocked } from "../visit.ts"
import { linkOf } from "./shares.ts"

export const request: Verb = {
  summary: "asks people outside for files and prints the link",
  usage: `lapse request TITLE [options]

  --folder PATH         your folder that the files go to (default: the title)
  --expires WHEN        30m, 12h, 7d, 4w, 2027-01-31 or never (default: 14 days)
  --message TEXT        what senders read
  --max-files N         the number of files, from all senders together
  --max-bytes N         their size
  --once                ends after the first delivery
  --slug NAME           a chosen address, which can be guessed
  --password            asks for a password; --password-file FILE reads it
  --json                prints the request as JSON`,
  options: {
    folder: { type: "string" },
    expires: { type: "string" },
    message: { type: "string" },
    "max-files": { type: "string" },
    "max-bytes": { type: "string" },
    once: { type: "boolean" },
    slug: { type: "string" },
    ...PASSWORD_OPTIONS,
    json: { type: "boolean" },
  },
  operands: { least: 1, most: 1 },
  async run(options, [title = ""]) {
    const given = {
      message: text(options.message),
      ...readEnd(text(options.expires)),
      maxFiles: readCount(text(options["max-files"]), "max-files"),
      maxBytes: readCount(text(options["max-bytes"]), "max-bytes"),
      slug: text(options.slug),
      reusable: options.once ? false : undefined,
    }
    const ask = createAsk(await findInstallation())
    const password = await passwordOf(options)
    const body = {
      title,
      folder: text(options.folder) ?? title.replaceAll("/", "-"),
      ...given,
      password,
    }
    const made = await ask("POST /requests", { body }, object({ id: string, url: orNull(string) }))
    if (options.json) printJson(made)
    else print(linkOf(made))
  },
}

/** The progress of an interrupted call: the delivery's ticket, and its files. */
type Progress = { cookies: Cookies; fileIds: FileIds }

/** The files of the delivery that are complete. */
async function storedIds(
  call: ReturnType<typeof createCall>,
  { fileIds }: Progress,
): Promise<Set<string>> {
  const stored = new Set<string>()
  if (Object.keys(fileIds).length === 0) return stored
  const load = (cursor: string) =>
    call(`/files?${new URLSearchParams({ limit: "100", ...(cursor && { cursor }) })}`, pageOf(Sent))
  for await (const { items } of pagesOf(load))
    for (const { id, status } of items)
      if (status !== "uploading" && status !== "abandoned") stored.add(id)
  return stored
}

const Sent = object({ id: string, status: string })

const Receipt = object({
  thanks: string,
  files: listOf(object({ name: string, path: string, sha256: orNull(string) })),
  nextCursor: optional(string),
})

export const send: Verb = {
  summary: "sends files to a request",
  usage: `lapse send LINK FILE|DIR|- ... [options]

Sends files to whoever asked for them and prints their names and SHA-256.
Interrupted, the same command continues where it was.

  --from NAME           who sends
  --address ADDRESS     the sender's address
  --field "LABEL=TEXT"  an answer; can be repeated
  --open                leaves the delivery open for more files
${TAKEN_USAGE}
  --name NAME           the name of what comes from standard input (-)
  --password-file FILE  the request's password
  --json                prints the receipt as JSON`,
  options: {
    from: { type: "string" },
    address: { type: "string" },
    field: { type: "string", multiple: true },
    open: { type: "boolean" },
    ...TAKEN_OPTIONS,
    name: { type: "string" },
    "password-file": { type: "string" },
    json: { type: "boolean" },
  },
  operands: { least: 2, most: Number.POSITIVE_INFINITY },
  async run(options, [link = "", ...operands]) {
    const { base } = readLink(link, "r")
    const fields = fieldsOf(options.field)
    const ifTaken = ifTakenOf(options)
    const files = await pickFiles(operands, text(options.name) ?? "stdin")
    const kept = await keptProgress<Progress>("send", [base])
    const progress = (await kept.read()) ?? { cookies: {}, fileIds: {} }
    const visit = createVisit(base, progress.cookies, async (cookies) => {
      progress.cookies = { ...cookies }
      await kept.write(progress)
    })
    const { send } = visit
    const given = { "password-file": text(options["password-file"]) }
    await unlocked(visit, given, () => checkOpen(visit))
    const call = createCall(visit, given)
    const stored = await storedIds(call, progress)
    const missing = await withoutStored(files, progress.fileIds, async (id) => stored.has(id))
    const onRecords = (ids: (string | null)[]) => {
      noteIds(progress.fileIds, missing, ids)
      return kept.write(progress)
    }
    await uploadFiles(
      missing.map(({ source }) => source),
      {
        filesUrl: `${base}/files`,
        send,
        unsent: MAX_UNSENT_FILES,
        ifTaken,
        onRecords,
        abandonsOthers: !options.open,
        allOrNone: true,
      },
    )
    const sender = { name: text(options.from), address: text(options.address) }
    const receipt = options.open
      ? await call("/receipt", Receipt)
      : await call("/done", Receipt, { sender, fields })
    const load = (cursor: string) => call(`/receipt?cursor=${encodeURIComponent(cursor)}`, Receipt)
    if (receipt.nextCursor)
      for await (const { files } of pagesOf(load, receipt.nextCursor)) receipt.files.push(...files)
    if (!options.open) await kept.remove()
    if (options.json) return printJson({ ...receipt, nextCursor: null })
    for (const { path, name, sha256 } of receipt.files)
      print(`${sha256 ?? "-".repeat(64)}  ${path === "" ? name : `${path}/${name}`}`)
    if (receipt.thanks) print(receipt.thanks)
  },
}

/**
 * Whether the request is open for this guest: a call about no file is refused as any other, and
 * otherwise says that there is no delivery yet.
 */
async function checkOpen(visit: Parameters<typeof callLink>[0]) {
  const answer = await callLink(visit, "/files?limit=1", anything)
  if (answer.ok || answer.status !== 404) return answer
  const page = await visit.send(visit.base, { method: "HEAD" }).catch(() => null)
  if (page?.status === 200 || page?.status === 401) return { ok: true, value: null } as const
  throw failureOf(answer)
}

function fieldsOf(given: unknown): Record<string, string> {
  const pairs = Array.isArray(given) ? given : []
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, label, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? []
      if (!label) throw usageError(`--field takes LABEL=TEXT, not ${pair}.`)
      return [label, value ?? ""]
    }),
  )
}
