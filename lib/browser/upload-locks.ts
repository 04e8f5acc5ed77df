import "client-only"

/** Says to the other tabs of this browser which uploads run here. */
export type UploadLocks = {
  /** How to give it back; null while another tab has it. */
  take(fileId: string): Promise<(() => void) | null>
  /** Files whose uploads run in any tab. */
  taken(): Promise<ReadonlySet<string>>
}

const PREFIX = "lapse-upload-"

/** Web Locks: they end with their tab, however it ends. Where there are none (plain http) every tab is alone. */
export const browserLocks: UploadLocks = {
  take(fileId) {
    const locks: LockManager | undefined = navigator.locks
    if (!locks) return Promise.resolve(() => {})
    return new Promise((resolve) => {
      locks
        .request(`${PREFIX}${fileId}`, { ifAvailable: true }, (lock) => {
          if (!lock) return resolve(null)
          return new Promise<void>((release) => resolve(release))
        })
        .catch(() => resolve(() => {}))
    })
  },

  async taken() {
    const locks: LockManager | undefined = navigator.locks
    const { held = [] } = (await locks?.query().catch(() => null)) ?? {}
    const names = held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name] : []))
    return new Set(names.map((name) => name.slice(PREFIX.length)))
  },
}
