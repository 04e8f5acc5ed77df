import { element } from "#components/viewer/element.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { MAX_UNSENT_FILES } from "#lib/rooms/requests/guest/request-page.ts"
import { createTabLocks } from "#packages/transfer/tab-locks.ts"
import { createHasher } from "#packages/uploader/hashing/hasher.ts"
import { createHandleStore } from "#packages/uploader/picking/handle-store.ts"
import { callApi } from "#packages/uploader/transport/api-client.ts"
import { createBrowserTransport } from "#packages/uploader/transport/browser-transport.ts"
import { isActive, type Upload, type UploadSource } from "#packages/uploader/upload.ts"
import type { FileRecord } from "#packages/uploader/upload-protocol.ts"
import { createUploader } from "#packages/uploader/uploader.ts"
import { locale, pageData, t } from "../page-data.ts"
import { finishDelivery } from "./finish-delivery.ts"

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
  onStored: (file) => {
    arrived.set(file.id, file)
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
  state: string
  /** Whether the state is final. */
  isOver: boolean
  /** Whether it arrives unless something fails. */
  isSending?: boolean
  buttons: [label: string, act: () => void][]
}

function rowOf(upload: Upload): Row {
  const { id, state, problem, size, sentBytes } = upload
  const withdraw = () => {
    if (upload.file) void withdrawFile(upload.file.id)
    uploader.cancel(id)
  }
  const percent = new Intl.NumberFormat(locale, { style: "percent" }).format(
    size > 0 ? sentBytes / size : 0,
  )
  const more: Row["buttons"] =
    state === "paused"
      ? [[t("visitor.request.resume"), () => uploader.resume(id)]]
      : state === "failed"
        ? problem?.code === "refused" || problem?.code === "unreadable"
          ? []
          : [[t("visitor.tryAgain"), () => uploader.retry(id)]]
        : state === "stored" || state === "finishing"
          ? []
          : [[t("visitor.request.pause"), () => uploader.pause(id)]]
  const texts: Partial<Record<Upload["state"], string>> = {
    stored: t("visitor.request.arrived"),
    failed: problem?.message ?? t("visitor.request.failed"),
    waiting: problem?.message ?? t("visitor.request.waiting"),
  }
  return {
    key: id,
    name: upload.name,
    path: upload.path,
    size,
    state: texts[state] ?? percent,
    isOver: state === "stored",
    isSending: isActive(upload),
    buttons: [
      ...more,
      [t(state === "stored" ? "visitor.request.withdraw" : "visitor.request.remove"), withdraw],
    ],
  }
}

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

const list = element("ul", { class: "files" })
const heading = element("h2", { class: "font-semibold" }, t("visitor.request.yours"))
const drawn = new Map<string, { text: string; item: HTMLElement }>()

/** Draws only the rows that changed, so that the button that has the focus keeps it. */
function draw() {
  const all = rows()
  for (const [key, { item }] of drawn) {
    if (all.some((row) => row.key === key)) continue
    item.remove()
    drawn.delete(key)
  }
  for (const row of all) {
    const text = JSON.stringify([row.state, isClosed, row.buttons.map(([label]) => label)])
    const before = drawn.get(row.key)
    if (before?.text === text) continue
    const item = before?.item ?? list.appendChild(element("li", { class: "file-row" }))
    fill(item, row)
    drawn.set(row.key, { text, item })
  }
  heading.hidden = all.length === 0
  const sending = all.filter((row) => row.isSending).length
  const out = all.filter(({ isOver, isSending }) => !isOver && !isSending).length
  const count = isClosed ? 0 : arrived.size + sending
  finishing?.show({ count, out, isSending: sending > 0 })
  // A full request still takes the rest of what has begun.
  const isFull = document.querySelector("[data-full]") !== null
  const drop = document.querySelector<HTMLElement>("[data-drop]")
  if (drop) drop.hidden = isClosed || (isFull && uploader.snapshot().unfinished.length === 0)
}

function fill(item: HTMLElement, { name, path, size, state, buttons }: Row) {
  const buttonsBefore = [...item.querySelectorAll("button")]
  const focused = buttonsBefore.findIndex((button) => button.matches(":focus"))
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
      element("p", {}, path ? `${path}/${name}` : name),
      element("p", {}, `${formatBytes(size, locale)} · ${state}`),
    ),
    ...made,
  )
  made[Math.min(focused, made.length - 1)]?.focus()
}

async function showEarlier() {
  let cursor: string | null = ""
  while (cursor !== null) {
    const query: string = new URLSearchParams(cursor && { cursor }).toString()
    const page = await callApi<{ items: FileRecord[]; nextCursor: string | null }>({
      method: "GET",
      url: `${filesUrl}?${query}`,
      expectedField: "items",
    })
    if (!page.ok) break
    for (const file of page.value.items) if (file.status !== "uploading") arrived.set(file.id, file)
    cursor = page.value.nextCursor
  }
  await uploader.loadUnfinished()
  draw()
}

document.querySelector("[data-sent]")?.append(heading, list)
const finishing = finishDelivery(link, leaveOut)
document.addEventListener("lapse:room", draw)
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
