import { type Ceph, cephOfThisRun } from "#testing/ceph/ceph.ts"
import { isCephInstalled } from "#testing/ceph/find-ceph.ts"
import { makeCephBucket } from "./ceph-bucket.ts"
import { test as ownInstallation } from "./own-installation.ts"

/** For stories on another S3: each starts an installation that stores in the Ceph of the run. */
export const test = ownInstallation.extend<{ ceph: Ceph }>({
  ceph: [
    async ({ browserName: _ }, use) => {
      const ceph = await cephOfThisRun()
      await use(ceph)
      await ceph.stop()
    },
    { timeout: 150_000 },
  ],
  settings: async ({ ceph }, use) => use(await makeCephBucket(ceph)),
})

/** The reason why stories on Ceph are skipped, for `test.skip`. */
export const withoutCeph = [
  !isCephInstalled(),
  "Ceph is not on this machine: `npm test` says how to install it.",
] as const
