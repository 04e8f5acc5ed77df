import { element } from "#components/viewer/element.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { MAX_UNSENT_FILES } from "#lib/rooms/requests/guest/request-page.ts"
import { createTabLocks } from "#packages/transfer/tab-locks.ts"
import { createHasher } from "#packages/uploader/hashing/hasher.ts"
import { createHandleStore } from "#packages/uploader/picking/handle-store.ts"
import { callApi } from "#packages/uploader/transport/api-client.ts"
import { createBrowserTransport } from "#packages/uploader/transport/browser-transport.ts"
import {
  isActive,
  takenUploads,
  type Upload,
  type UploadSource,
} from "#packages/uploader/upload.ts"
import type { FileRecord } from "#packages/uploader/upload-protocol.ts"
import { createUploader } from "#packages/uploader/uploader.ts"
import { locale, pageData, t } from "../page-data.ts"
import { percent } from "../zip/zip-words.ts"
import { createTakenQuestion } from "./ask-taken.ts"
import { finishDelivery } from "./finish-delivery.ts"
import { createSendingCard, filesText } from "./sending-card.ts"

const link = pageData.link ?? ""
const filesUrl = `${link}/files`

const transport = createBrowserTransport(filesUrl)
const uploader = createUploader({
  unsent: MAX_UNSENT_FILES,
  // Nobody sees a guest's uploads, so no heartbeat is needed.
  transport: { ...transport, heartbeat() {}, abandon: (id) => void remove(id) },
  hasher: createHasher(() => new Worker(pageData.hashWorker ?? "")),
  locks: createTabLocks("lapse-delivery-", "lapse-deliveries"),
  handles: createHandleStore("lapse-delivery", () => link),
  onStored: (file, _body, replaced) => {
    arrived.set(file.id, file)
    if (replaced && file.status === "ready") {
      arrived.delete(replaced)
      uploader.forget(replaced)
    }
    document.dispatchEvent(new Event("lapse:sent"))
  },
})

/** The calls under way that remove files. */
const removing = new Set<Promise<unknown>>()
let isClosed = false

function remove(id: string) {
  const call = callApi({ method: "DELETE", url: `${filesUrl}/${id}` }).finally(() => {
    removing.delete(call)
    document.dispatchEvent(new Event("lapse:sent"))
  })
  removing.add(call)
  return call
}

/** The files of this delivery that are complete, by id. */
const arrived = new Map<string, FileRecord>()

export const add = (sources: UploadSource[]) => uploader.add(sources)

type Row = {
  key: string
  name: string
  path: string
  size: number
  sentBytes?: number
  state: string
  /** Whether the state is final. */
  isOver: boolean
  /** Whether it arrives unless something fails. */
  isSending?: boolean
  isPaused?: boolean
  buttons: [label: string, act: () => void][]
}

function rowOf(upload: Upload): Row {
  const { id, state, problem, size, sentBytes } = upload
  const withdraw = () => {
    if (upload.file) void withdrawFile(upload.file.id)
    uploader.cancel(id)
  }
  const canRetry =
    state === "failed" && problem?.code !== "refused" && problem?.code !== "unreadable"
  const texts: Partial<Record<Upload["state"], string>> = {
    stored: t("visitor.request.arrived"),
    failed: problem?.message ?? t("visitor.request.failed"),
    waiting: problem?.message ?? t("visitor.request.waiting"),
    paused: t("visitor.islands.zip.paused"),
  }
  return {
    key: id,
    name: upload.name,
    path: upload.path,
    size,
    sentBytes,
    state: texts[state] ?? percent(size > 0 ? sentBytes / size : 0),
    isOver: state === "stored",
    isSending: isActive(upload),
    isPaused: state === "paused",
    buttons: [
      ...(canRetry ? [retryOf(id)] : []),
      [t(state === "stored" ? "visitor.request.withdraw" : "visitor.request.remove"), withdraw],
    ],
  }
}

const retryOf = (id: string): Row["buttons"][number] => [
  t("visitor.tryAgain"),
  () => uploader.retry(id),
]

async function withdrawFile(id: string) {
  arrived.delete(id)
  draw()
  await remove(id)
}

/** Ends the uploads that have not arrived, and forgets those that earlier tabs left. */
function leaveOut() {
  uploader.cancel()
  uploader.abandonUnfinished()
  return Promise.all(removing)
}

function rows(): Row[] {
  const { uploads, unfinished } = uploader.snapshot()
  const here = new Set(uploads.map(({ fileId }) => fileId))
  // A file that was chosen again is one row.
  const shown = new Set<string | null>()
  const isNew = ({ fileId, earlier }: Upload) =>
    earlier !== "arrived" || (!shown.has(fileId) && !!shown.add(fileId))
  for (const { fileId, earlier } of uploads) if (earlier !== "arrived") shown.add(fileId)
  const earlier = [...arrived.values()].filter(({ id }) => !here.has(id))
  return [
    ...earlier.map(
      (file): Row => ({
        key: file.id,
        ...file,
        state: t("visitor.request.arrived"),
        isOver: true,
        buttons: [[t("visitor.request.withdraw"), () => void withdrawFile(file.id)]],
      }),
    ),
    ...unfinished.map(
      ({ fileId, hasHandle, givenUp, ...file }): Row => ({
        key: fileId,
        ...file,
        state: t(givenUp ? "visitor.request.givenUp" : "visitor.request.unfinished"),
        isOver: false,
        buttons: [
          ...(hasHandle
            ? [
                [
                  t("visitor.request.resume"),
                  () => void uploader.continueUnfinished(fileId),
                ] satisfies Row["buttons"][number],
              ]
            : []),
          [t("visitor.request.remove"), () => uploader.abandonUnfinished([fileId])],
        ],
      }),
    ),
    ...uploads.filter(isNew).map(rowOf),
  ]
}

const isProblem = ({ isOver, isSending, isPaused }: Row) => !isOver && !isSending && !isPaused

const heading = element("h2", { class: "font-semibold" }, t("visitor.request.yours"))
/** The files that need the sender come first, then the folders, closed, and the other files. */
const problems = element("ul", { class: "problems mt-3" })
const folders = element("div", { class: "mt-3" })
const list = element("ul")
const drawn = new Map<string, { text: string; item: HTMLElement }>()
const drawnFolders = new Map<string, { root: HTMLElement; facts: HTMLElement; list: HTMLElement }>()

/** Draws only the rows that changed, so that the button that has the focus keeps it. */
function draw() {
  question.show(takenUploads(uploader.snapshot().uploads))
  const all = rows()
  const keys = new Set(all.map(({ key }) => key))
  for (const [key, { item }] of drawn) {
    if (keys.has(key)) continue
    item.remove()
    drawn.delete(key)
  }
  const inFolders = new Map<string, Row[]>()
  for (const row of all) {
    if (!row.path || isProblem(row)) continue
    const name = row.path.split("/")[0] ?? ""
    const files = inFolders.get(name)
    if (files) files.push(row)
    else inFolders.set(name, [row])
  }
  for (const [name, { root }] of drawnFolders) {
    if (inFolders.has(name)) continue
    root.remove()
    drawnFolders.delete(name)
  }
  for (const [name, files] of inFolders) drawFolder(name, files)
  for (const row of all) drawRow(row)
  heading.hidden = all.length === 0
  finishing?.show({
    count: isClosed ? 0 : arrived.size + all.filter((row) => row.isSending).length,
    out: all.filter(({ isOver, isSending }) => !isOver && !isSending).length,
    isSending: all.some((row) => row.isSending),
  })
  // A full request still takes the rest of what has begun.
  const isFull = document.querySelector("[data-full]") !== null
  const takesMore = !isClosed && (!isFull || uploader.snapshot().unfinished.length > 0)
  const taken = all.filter((row) => !isProblem(row))
  card?.show({
    files: taken.filter(({ isOver }) => isOver).length,
    bytes: taken.reduce((sum, row) => sum + (row.isOver ? row.size : (row.sentBytes ?? 0)), 0),
    of: { files: taken.length, bytes: taken.reduce((sum, { size }) => sum + size, 0) },
    rate: uploader.snapshot().totals.bytesPerSecond,
    isSending: taken.some((row) => row.isSending),
    isPaused: taken.some((row) => row.isPaused),
    isClosed,
    takesMore,
  })
}

function drawRow(row: Row) {
  const folder = row.path ? drawnFolders.get(row.path.split("/")[0] ?? "")?.list : null
  const parent = isProblem(row) ? problems : (folder ?? list)
  const text = JSON.stringify([row.state, isClosed, row.buttons.map(([label]) => label)])
  const before = drawn.get(row.key)
  const item = before?.item ?? element("li", { class: "file-row" })
  const focused = [...item.querySelectorAll("button")].findIndex((one) => one.matches(":focus"))
  if (item.parentElement !== parent) parent.append(item)
  if (before?.text !== text) fill(item, row)
  drawn.set(row.key, { text, item })
  const buttons = item.querySelectorAll("button")
  if (focused < 0 || item.contains(document.activeElement)) return
  // The buttons of a closed folder take no focus: its line does.
  const closed = item.closest("details:not([open])")
  const next = closed?.querySelector("summary") ?? buttons[Math.min(focused, buttons.length - 1)]
  next?.focus()
}

/** Draws the line of a folder: its name, and how many of its files have arrived. */
function drawFolder(name: string, files: Row[]) {
  let folder = drawnFolders.get(name)
  if (!folder) {
    const facts = element("span", { class: "block text-sm font-normal text-soft tabular-nums" })
    const inside = element("ul", { class: "ps-4" })
    const summary = element(
      "summary",
      { class: "cursor-pointer py-3.5 font-medium wrap-anywhere" },
      element("bdi", {}, name),
      facts,
    )
    const root = element("details", { class: "border-t border-line" }, summary, inside)
    folders.append(root)
    folder = { root, facts, list: inside }
    drawnFolders.set(name, folder)
  }
  const size = formatBytes(
    files.reduce((sum, file) => sum + file.size, 0),
    locale,
  )
  const done = files.filter(({ isOver }) => isOver).length
  const text = `${filesText(done, files.length)} · ${size}`
  if (folder.facts.textContent !== text) folder.facts.textContent = text
}

function fill(item: HTMLElement, { name, path, size, state, buttons }: Row) {
  const shownPath = item.parentElement?.matches(".problems")
    ? path
    : path.split("/").slice(1).join("/")
  const made = (isClosed ? [] : buttons).map(([label, act]) =>
    element(
      "button",
      {
        type: "button",
        class: "button button-quiet button-sm",
        "aria-label": `${label}: ${name}`,
        click: act,
      },
      label,
    ),
  )
  item.replaceChildren(
    element(
      "div",
      {},
      element("p", {}, shownPath ? `${shownPath}/${name}` : name),
      element("p", {}, `${formatBytes(size, locale)} · ${state}`),
    ),
    ...made,
  )
}

/** Lists the files that are complete. Those that were withdrawn or replaced meanwhile go. */
async function listArrived() {
  const gone = new Set(arrived.keys())
  let cursor: string | null = ""
  while (cursor !== null) {
    const query: string = new URLSearchParams(cursor && { cursor }).toString()
    const page = await callApi<{ items: FileRecord[]; nextCursor: string | null }>({
      method: "GET",
      url: `${filesUrl}?${query}`,
      expectedField: "items",
    })
    if (!page.ok) return
    for (const file of page.value.items) {
      gone.delete(file.id)
      if (file.status !== "uploading") arrived.set(file.id, file)
    }
    cursor = page.value.nextCursor
  }
  for (const id of gone) {
    arrived.delete(id)
    uploader.forget(id)
  }
}

async function showEarlier() {
  await listArrived()
  await uploader.loadUnfinished()
  draw()
}

document.querySelector("[data-sent]")?.append(heading, problems, folders, list)
const card = createSendingCard({
  onPause: () => uploader.pause(),
  onResume: () => uploader.resume(),
})
const question = createTakenQuestion(uploader.resolve)
const finishing = finishDelivery(link, leaveOut)
document.addEventListener("lapse:room", async () => {
  // A scan that ended may have replaced an earlier file.
  if ([...arrived.values()].some(({ status }) => status === "checking")) await listArrived()
  draw()
})
document.addEventListener("lapse:closed", () => {
  isClosed = true
  uploader.pause()
  draw()
})
uploader.subscribe(draw)
window.addEventListener("beforeunload", (event) => {
  if (uploader.snapshot().totals.active > 0) event.preventDefault()
})
draw()
if (pageData.delivery === "begun") void showEarlier()
