import "client-only"
import { type IfTaken, isActive, type UploadIds, type UploadSource } from "../upload.ts"
import { continueUnfinished } from "./continue-unfinished.ts"
import { releaseUpload, type UploadContext } from "./upload-context.ts"
import { type Entry, wake } from "./upload-entry.ts"
import type { UploadList } from "./upload-list.ts"
import type { UploadQueue } from "./upload-queue.ts"

type CommandParts = {
  list: UploadList
  queue: UploadQueue
  context: UploadContext
  changed: () => void
}

/** Creates a member's commands on uploads, one or all. `Uploader` documents each command. */
export function createUploadCommands({ list, queue, context, changed }: CommandParts) {
  function each(id: UploadIds | undefined, act: (entry: Entry) => void) {
    const ids = new Set(typeof id === "string" ? [id] : id)
    for (const entry of list.all()) if (id === undefined || ids.has(entry.view.id)) act(entry)
    queue.pump()
    changed()
  }

  return {
    add(sources: readonly UploadSource[]) {
      const ids = sources.map((source) => list.add(source, context.newRetries()).view.id)
      queue.pump()
      changed()
      return ids
    },

    resolve: (ids: UploadIds, ifTaken: IfTaken) =>
      each(ids, (entry) => {
        if (entry.view.state !== "taken") return
        entry.ifTaken = ifTaken
        if (ifTaken === "skip") queue.remove(entry)
        else queue.requeue(entry)
      }),

    pause: (id?: UploadIds) =>
      each(id, (entry) => {
        // Its bytes are stored already.
        if (!isActive(entry.view) || entry.view.state === "finishing") return
        queue.pause(entry)
        list.change(entry, { state: "paused", problem: null, retryAt: null, bytesPerSecond: null })
      }),

    resume: (id?: UploadIds) =>
      each(id, (entry) => {
        if (entry.view.state === "paused") queue.resume(entry)
      }),

    retry: (id?: UploadIds) =>
      each(id, (entry) => {
        if (entry.view.state === "failed") queue.requeue(entry)
        if (entry.view.state === "waiting") wake(entry)
      }),

    cancel: (id?: UploadIds) =>
      each(id, (entry) => {
        const isStored = entry.view.state === "stored"
        if (isStored && id === undefined) return
        queue.remove(entry)
        if (isStored) return
        releaseUpload(entry, context)
        if (entry.fileId) context.transport.abandon(entry.fileId)
      }),

    removeStored(ids: readonly string[]) {
      for (const id of ids) {
        const entry = list.get(id)
        if (entry?.view.state === "stored") list.remove(entry)
      }
      changed()
    },

    forget(fileId: string) {
      for (const entry of list.all())
        if (entry.view.fileId === fileId && entry.view.state === "stored") list.remove(entry)
      changed()
    },

    reset() {
      for (const entry of list.all()) {
        queue.remove(entry)
        entry.unlock?.()
      }
      context.unfinished.clear()
      changed()
    },
  }
}

export function createUnfinishedCommands({ list, queue, context, changed }: CommandParts) {
  const { unfinished } = context
  return {
    loadUnfinished: unfinished.load,

    async continueUnfinished(fileId: string) {
      const result = await continueUnfinished(fileId, list, context)
      if (result === "continued") {
        queue.pump()
        changed()
      }
      return result
    },

    abandonUnfinished(fileIds?: readonly string[]) {
      unfinished.abandon(new Set(fileIds ?? unfinished.list().map((one) => one.fileId)))
    },
  }
}
