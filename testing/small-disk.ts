import { spawnSync } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { MIB } from "#testing/units.ts"

export type SmallDisk = {
  /** The directory in which it is mounted. */
  path: string
  freeBytes: () => number
  /** Fills the disk, or frees space, until this many bytes are free. */
  leave: (bytes: number) => void
  /** Removes the file that `leave` filled the disk with. */
  makeRoom: () => void
  remove: () => void
}

/** Why no disk can be mounted here; null if one can. */
export function noSmallDisk(): string | null {
  if (process.platform !== "linux") return "only Linux has tmpfs"
  if (process.getuid?.() !== 0) return "only root may mount a disk"
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-disk-"))
  const { status, stderr } = mount(directory, MIB)
  if (status === 0) unmount(directory)
  fs.rmdirSync(directory)
  return status === 0 ? null : `this machine mounts no disk (${String(stderr).trim()})`
}

/** Mounts a separate disk in memory that a test may fill. */
export function mountSmallDisk(bytes: number): SmallDisk {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-disk-"))
  const { status, stderr } = mount(directory, bytes)
  if (status !== 0) throw new Error(`mount: ${stderr}`)
  fs.chmodSync(directory, 0o755) // PostgreSQL runs as another user if this process is root
  const filler = path.join(directory, "filler")
  const freeBytes = () => {
    const { bsize, bavail } = fs.statfsSync(directory)
    return bsize * bavail
  }
  const makeRoom = () => fs.rmSync(filler, { force: true })
  return {
    path: directory,
    freeBytes,
    leave(bytes) {
      const filled = fs.statSync(filler, { throwIfNoEntry: false })?.size ?? 0
      const wanted = filled + freeBytes() - bytes
      if (wanted < filled) fs.truncateSync(filler, wanted)
      else fill(filler, wanted - filled)
    },
    makeRoom,
    remove() {
      unmount(directory)
      fs.rmdirSync(directory)
    },
  }
}

/** Appends this many bytes, or as many as fit. */
function fill(file: string, bytes: number) {
  const handle = fs.openSync(file, "a")
  try {
    for (let left = bytes; left > 0; )
      left -= fs.writeSync(handle, Buffer.alloc(Math.min(left, MIB)))
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error
  } finally {
    fs.closeSync(handle)
  }
}

function mount(directory: string, bytes: number) {
  const options = ["-t", "tmpfs", "-o", `size=${bytes},mode=755`, "tmpfs", directory]
  return spawnSync("mount", options, { encoding: "utf8" })
}

/** Unmounts the disk: at once for new files, and finally when no process has one open. */
const unmount = (directory: string) => spawnSync("umount", ["--lazy", directory])
