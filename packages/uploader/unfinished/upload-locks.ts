import "client-only"
import { createTabLocks, type TabLocks } from "../../transfer/tab-locks.ts"

/** Locks files against other tabs of this browser, so that one tab at a time sends each. */
export type UploadLocks = TabLocks

export const createBrowserLocks = (name: string): UploadLocks =>
  createTabLocks(`${name}-upload-`, `${name}-uploads`)
