import "client-only"
import { onSessionRenewed, reportSessionEnded } from "#components/calls/session-ended.ts"
import { shownTeam } from "#components/nav/owner.ts"
import { createStore } from "#components/store.ts"
import { teamHeader } from "#lib/adapters/http/owner-path.ts"
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

const uploaders = new Map<string | null, Uploader>()
let tabMember: string | null = null

const NONE: readonly (string | null)[] = []
/** The owners that have an uploader in this tab: the slugs of teams, and null for the member. */
export const uploadTeams = createStore(NONE)

/**
 * The only uploader of this tab for the member's own files, or for a team's: by default that of
 * the page. It survives navigation between the app's pages.
 */
export function tabUploader(team: string | null = shownTeam()): Uploader {
  const known = uploaders.get(team)
  if (known) return known
  const uploader = createTabUploader(team)
  uploaders.set(team, uploader)
  uploadTeams.set([...uploaders.keys()])
  return uploader
}

/** Whether this tab has uploads, for any owner. */
export const hasUploads = () =>
  [...uploaders.values()].some((uploader) => uploader.snapshot().totals.count > 0)

/** Resets the uploaders when another member signs in. Returns true if it did. */
export function assignTabTo(memberId: string): boolean {
  if (tabMember === memberId) return false
  const isAnother = tabMember !== null
  if (isAnother) for (const uploader of uploaders.values()) uploader.reset()
  tabMember = memberId
  return isAnother
}

const waitsForSession = ({ state, problem }: Upload) =>
  state === "waiting" && problem?.code === "signed_out"

function createTabUploader(team: string | null) {
  const send: typeof fetch = (url, init) =>
    fetch(url, { ...init, headers: { ...init?.headers, ...teamHeader(team) } })
  const uploader = createUploader({
    transport: createBrowserTransport("/api/v1/files", send),
    hasher: createHasher(),
    locks: createTabLocks(`${NAME}-upload-`, `${NAME}-uploads`),
    handles: createHandleStore(NAME, () => (team === null ? tabMember : `${tabMember} ${team}`)),
    onStored(file, body, replaced) {
      sendThumbnail(file, { body, team })
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
