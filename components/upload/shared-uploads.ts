"use client"

import { createStore, useStore } from "#components/store.ts"

const NONE: ReadonlySet<string> = new Set()
const shared = createStore(NONE)

/** Marks files as shared in this tab: a link contains them, perhaps before all are stored. */
export const markAsShared = (fileIds: Iterable<string>) =>
  shared.set(new Set([...shared.current(), ...fileIds]))

/** Whether a link made in this tab contains the file. */
export const isShared = (fileId: string) => shared.current().has(fileId)

/** Returns the ids of the files that links made in this tab contain. */
export const useSharedFileIds = (): ReadonlySet<string> => useStore(shared, NONE)
