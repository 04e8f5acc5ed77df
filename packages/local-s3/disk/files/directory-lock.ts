import { createHash } from "node:crypto"
import { realpath } from "node:fs/promises"
import { createServer } from "node:net"
import { setTimeout as wait } from "node:timers/promises"

const ATTEMPTS = 30
const PAUSE_MS = 100

/**
 * Locks a directory for this process, because a second one would remove the temporary files of the
 * first. The lock is an abstract Unix socket, which the kernel frees however the process ends. Only
 * Linux has these; elsewhere the caller has to lock. Waits up to three seconds for a previous
 * process that is about to end.
 */
export async function lockDirectory(directory: string): Promise<{ release: () => Promise<void> }> {
  if (process.platform !== "linux") return { release: async () => {} }
  const name = createHash("sha256")
    .update(await realpath(directory))
    .digest("hex")
  for (let attempt = 1; ; attempt++) {
    const held = await listenOn(`\0local-s3-${name}`)
    if (held) return held
    if (attempt === ATTEMPTS)
      throw new Error(`Another object store is already running on ${directory}.`)
    await wait(PAUSE_MS)
  }
}

function listenOn(path: string) {
  return new Promise<{ release: () => Promise<void> } | null>((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once("error", (error) => {
      if ("code" in error && error.code === "EADDRINUSE") resolve(null)
      else reject(error)
    })
    server.listen({ path }, () => {
      server.unref()
      resolve({ release: () => new Promise((done) => server.close(() => done())) })
    })
  })
}
