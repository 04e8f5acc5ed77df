import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { homedir, tmpdir } from "node:os"
import path from "node:path"
import { makeDebian, NODE, nameLocalhost, run } from "./chroot.ts"

const root = path.join(import.meta.dirname, "../../..")
const BASE = "localhost/node:24-trixie-slim"
const TAG = "localhost/lapse"
const ENV = { BUILDAH_ISOLATION: "chroot", STORAGE_DRIVER: "vfs" }

export type Image = {
  /** The mounted file system of the image. */
  root: string
  env: Record<string, string>
  user: string
  command: string[]
  remove: () => void
}

type Configuration = { Env: string[]; User: string; Entrypoint: string[]; Cmd: string[] }

/**
 * Builds deploy/Dockerfile by Buildah, without a container engine and a registry: the image of Node
 * that it starts from is made here of Debian's packages and this project's Node.
 */
export function buildImage(): Image {
  const place = mkdtempSync(path.join(tmpdir(), "lapse-image-"))
  const storage = ["--root", path.join(place, "storage"), "--runroot", path.join(place, "run")]
  const buildah = (...args: string[]) => run("buildah", [...storage, ...args], ENV)
  try {
    makeBase(buildah, place)
    const from = ["--build-arg", `NODE_IMAGE=${BASE}`, "--build-arg", `COMMIT=${"a".repeat(40)}`]
    const file = ["-f", path.join(root, "deploy/Dockerfile")]
    buildah("build", "--format=docker", ...limits(), ...mounts(), ...from, ...file, "-t", TAG, root)
    const { Docker } = JSON.parse(buildah("inspect", "--type", "image", TAG))
    const { Env, User, Entrypoint, Cmd }: Configuration = Docker.config
    const container = buildah("from", "--pull-never", TAG)
    const mounted = buildah("mount", container)
    nameLocalhost(mounted)
    return {
      root: mounted,
      env: Object.fromEntries(Env.map((each) => [each.split("=")[0], each.replace(/^\w+=/, "")])),
      user: User,
      command: [...Entrypoint, ...Cmd],
      remove() {
        buildah("umount", container)
        rmSync(place, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(place, { recursive: true, force: true })
    throw error
  }
}

function makeBase(buildah: (...args: string[]) => string, place: string) {
  const debian = path.join(place, "debian.tar")
  makeDebian(debian, ["ca-certificates"])
  const local = path.join(place, "node/usr/local")
  mkdirSync(path.join(local, "bin"), { recursive: true })
  cpSync(NODE, path.join(local, "bin/node"))
  const npm = path.dirname(path.dirname(run("readlink", ["-f", run("which", ["npm"])])))
  cpSync(npm, path.join(local, "lib/node_modules/npm"), { recursive: true, dereference: true })
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", path.join(local, "bin/npm"))
  const container = buildah("from", "scratch")
  buildah("add", "-q", container, debian, "/")
  buildah("copy", "-q", container, path.join(place, "node"), "/")
  buildah("commit", "-q", "--rm", container, BASE)
  rmSync(debian)
}

/** Builds ask for more open files and processes than a machine may allow, and fail. */
function limits() {
  const [files, processes] = ["-Hn", "-Hu"].map((what) => run("bash", ["-c", `ulimit ${what}`]))
  return ["--ulimit", `nofile=${files}:${files}`, "--ulimit", `nproc=${processes}:${processes}`]
}

/** Gives a build this machine's certificates and npm settings; the image contains none of them. */
function mounts() {
  const files = [
    ["/etc/ssl/certs", "/etc/ssl/certs"],
    [path.join(homedir(), ".npmrc"), "/root/.npmrc"],
    ["/usr/etc/npmrc", "/usr/local/etc/npmrc"], // the settings of Debian's npm, for the image's npm
  ]
  return files
    .filter(([from = ""]) => existsSync(from))
    .flatMap(([from, to]) => ["-v", `${from}:${to}:ro`])
}
