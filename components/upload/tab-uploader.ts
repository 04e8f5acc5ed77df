import "client-only"
import { onSessionRenewed, reportSessionEnded } from "#components/calls/session-ended.ts"
import { createTabLocks } from "#packages/transfer/tab-locks.ts"
import { createHasher } from "#packages/uploader/hashing/hasher.ts"
import { createHandleStore } from "#packages/uploader/picking/handle-store.ts"
import { createBrowserTransport } from "#packages/uploader/transport/browser-transport.ts"
import type { Upload } from "#packages/uploader/upload.ts"
import { createUploader, type Uploader } from "#packages/uploader/uploader.ts"
import { isShared } from "./shared-uploads.ts"
import { pendingThumbnails } from "./thumbnails/pending-thumbnails.ts"
import { sendThumbnail } from "./thumbnails/send-thumbnail.ts"

/** The name of the app's locks and database in the browser. */
const NAME = "lapse"

type Tab = { uploader: Uploader; memberId: string | null }

let tab: Tab | null = null

/** The only uploader of this tab. It survives navigation between the app's pages. */
export function tabUploader(): Uploader {
  tab ??= { uploader: createTabUploader(), memberId: null }
  return tab.uploader
}

/** Resets the uploader when another member signs in. Returns true if it did. */
export function assignTabTo(memberId: string): boolean {
  const uploader = tabUploader()
  if (!tab || tab.memberId === memberId) return false
  const isAnother = tab.memberId !== null
  if (isAnother) uploader.reset()
  tab.memberId = memberId
  return isAnother
}

const waitsForSession = ({ state, problem }: Upload) =>
  state === "waiting" && problem?.code === "signed_out"

function createTabUploader() {
  const uploader = createUploader({
    transport: createBrowserTransport("/api/v1/files"),
    hasher: createHasher(),
    locks: createTabLocks(`${NAME}-upload-`, `${NAME}-uploads`),
    handles: createHandleStore(NAME, () => tab?.memberId ?? null),
    onStored(file, body, replaced) {
      sendThumbnail(file, body)
      // A link that was made in this tab may still contain what is replaced.
      if (replaced && file.status === "ready" && !isShared(replaced)) uploader.forget(replaced)
    },
  })
  confirmUnloadWhileActive(uploader)
  reportSignedOut(uploader)
  onSessionRenewed(() => retrySignedOut(uploader))
  return uploader
}

/** Reports each time that an upload begins to wait for a session. */
function reportSignedOut(uploader: Uploader) {
  let waited = false
  uploader.subscribe(() => {
    const waits = uploader.snapshot().uploads.some(waitsForSession)
    if (waits && !waited) reportSessionEnded()
    waited = waits
  })
}

const retrySignedOut = (uploader: Uploader) =>
  uploader.retry(
    uploader
      .snapshot()
      .uploads.filter(waitsForSession)
      .map(({ id }) => id),
  )

/** Makes the browser ask before the tab is closed while uploads or thumbnails are pending. */
function confirmUnloadWhileActive(uploader: Uploader) {
  let isGuarded = false
  const confirmUnload = (event: BeforeUnloadEvent) => event.preventDefault()
  const guard = () => {
    const isActive = uploader.snapshot().totals.active > 0 || pendingThumbnails.current().size > 0
    if (isActive === isGuarded) return
    isGuarded = isActive
    // Added only while needed: the listener excludes the page from the back/forward cache.
    if (isGuarded) window.addEventListener("beforeunload", confirmUnload)
    else window.removeEventListener("beforeunload", confirmUnload)
  }
  uploader.subscribe(guard)
  pendingThumbnails.subscribe(guard)
}
