import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import fs from "node:fs"
import { Transform } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"

type Packing = {
  /** The folder whose content is packed. */
  folder: string
  /** The name of the folder in the tarball. */
  name: string
  file: string
  /** The time of every file in the tarball, in seconds since 1970. */
  time: number
}

/**
 * Packs a folder and returns the SHA-256 of the tarball, in hexadecimal. The same content always
 * makes the same bytes: names are sorted, and owners, times and modes do not depend on the machine.
 */
export async function packTarball({ folder, name, file, time }: Packing): Promise<string> {
  const tar = spawn(
    "tar",
    [
      "--create",
      "--format=gnu",
      "--sort=name",
      `--mtime=@${time}`,
      "--owner=0",
      "--group=0",
      "--numeric-owner",
      "--mode=u+rw,go-w,a+rX,a-s",
      "--hard-dereference",
      `--transform=flags=rSh;s,^[.],${name},`,
      "--directory",
      folder,
      ".",
    ],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, LC_ALL: "C" } },
  )
  const ended = new Promise<number | null>((resolve, reject) => {
    tar.once("error", reject).once("close", resolve)
  })
  const hash = createHash("sha256")
  const hashing = new Transform({
    transform(chunk, _, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(tar.stdout, createGzip({ level: 9 }), hashing, fs.createWriteStream(file))
  if ((await ended) !== 0) throw new Error(`tar could not pack ${folder}`)
  return hash.digest("hex")
}
