import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import fs from "node:fs"

type Packing = {
  /** The folder whose content is packed. */
  folder: string
  /** The name of the folder in the tarball. */
  name: string
  file: string
}

/** Packs a folder, owned by root and readable by all. Returns the tarball's SHA-256 in hex. */
export function packTarball({ folder, name, file }: Packing): string {
  const owner = ["--owner=0", "--group=0", "--numeric-owner", "--mode=u+rw,go-w,a+rX,a-s"]
  const names = ["--sort=name", "--hard-dereference", `--transform=flags=rSh;s,^[.],${name},`]
  execFileSync("tar", ["-czf", file, ...owner, ...names, "--directory", folder, "."], {
    stdio: ["ignore", "ignore", "inherit"],
  })
  return createHash("sha256").update(fs.readFileSync(file)).digest("hex")
}
