import "client-only"
import { browserTransport } from "#packages/uploader/browser-transport.ts"
import { createKeptHandles } from "#packages/uploader/handle-store.ts"
import { createHasher } from "#packages/uploader/hasher.ts"
import { createBrowserLocks } from "#packages/uploader/upload-locks.ts"
import { createUploader, type Uploader } from "#packages/uploader/uploader.ts"

type Tab = { uploader: Uploader; memberId: string | null }

let tab: Tab | null = null

/** The one uploader of this tab. It outlives every page of the app, and asks before the tab is closed while files are on their way. */
export function tabUploader(): Uploader {
  tab ??= { uploader: guarded(openUploader()), memberId: null }
  return tab.uploader
}

/** Another member in the same tab neither sees nor continues what the last one began. */
export function giveTabTo(memberId: string) {
  const uploader = tabUploader()
  if (!tab || tab.memberId === memberId) return
  if (tab.memberId !== null) uploader.leave()
  tab.memberId = memberId
}

function openUploader() {
  return createUploader({
    transport: browserTransport,
    // Written out like this, the bundler sees a worker.
    hasher: createHasher(
      () =>
        new Worker(new URL("../../packages/uploader/hash-worker.ts", import.meta.url), {
          type: "module",
        }),
    ),
    locks: createBrowserLocks(),
    handles: createKeptHandles(() => tab?.memberId ?? null),
  })
}

function guarded(uploader: Uploader) {
  let guarding = false
  const ask = (event: BeforeUnloadEvent) => event.preventDefault()
  uploader.subscribe(() => {
    const { active } = uploader.snapshot().totals
    if (active > 0 === guarding) return
    guarding = active > 0
    // Only while it matters: a page with this listener is not kept for "Back".
    if (guarding) window.addEventListener("beforeunload", ask)
    else window.removeEventListener("beforeunload", ask)
  })
  return uploader
}
