import { type StartedCeph, startCeph } from "./ceph.ts"
import { findCeph } from "./find-ceph.ts"

let shared: Promise<StartedCeph | null> | undefined

/**
 * The variables by which a tool finds the Ceph that all parts of this run share. The first call
 * installs and starts it. Null if Ceph is not available; the reason is printed.
 */
export async function shareCeph(say: (line: string) => void) {
  shared ??= findCeph(say).then((found) => (found ? startCeph() : null))
  const ceph = await shared
  return ceph && { LAPSE_TEST_CEPH: ceph.directory }
}

/** Ends the shared Ceph after the last part. */
export async function stopSharedCeph() {
  const ceph = await shared?.catch(() => null)
  await ceph?.stop()
}
