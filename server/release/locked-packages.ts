import type { Architecture } from "./contents.ts"

type LockedPackage = {
  version: string
  license?: string
  integrity?: string
  os?: string | string[]
  cpu?: string | string[]
  libc?: string | string[]
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
}

/** npm's lock file: packages by their folder. The root's name is empty. */
export type Lock = { packages: Record<string, LockedPackage> }

/** Returns the package name from the path of its folder. */
export const nameOf = (folder: string): string => folder.split("node_modules/").at(-1) ?? ""

type Wanted = {
  architecture: Architecture
  /** Packages that are left out, with everything that only they need. */
  without: (name: string) => boolean
}

/**
 * Lists the folders of the packages that the root's dependencies need on Linux with glibc, sorted.
 * Development dependencies and optional peers do not count.
 */
export function listPackages({ packages }: Lock, { architecture, without }: Wanted): string[] {
  const found = new Set<string>()
  const visit = (folder: string) => {
    for (const name of namesOf(packages[folder])) {
      if (without(name)) continue
      const dependency = resolve(packages, folder, name)
      if (!dependency || found.has(dependency)) continue
      if (!runsOn(packages[dependency], architecture)) continue
      found.add(dependency)
      visit(dependency)
    }
  }
  visit("")
  return [...found].sort()
}

function namesOf(locked: LockedPackage | undefined) {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
    locked ?? {}
  const peers = Object.keys(peerDependencies ?? {}).filter(
    (name) => !peerDependenciesMeta?.[name]?.optional,
  )
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]
}

/** Finds a package as Node does: in the folder itself, then in its parents. */
function resolve(packages: Lock["packages"], from: string, name: string) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, around(folder)))) {
    const candidate = `${folder && `${folder}/`}node_modules/${name}`
    if (packages[candidate]) return candidate
    if (folder === "") return undefined
  }
}

const around = (folder: string) => folder.lastIndexOf("/node_modules/")

function runsOn(locked: LockedPackage | undefined, architecture: Architecture) {
  const allows = (list: string | string[] | undefined, value: string) =>
    list === undefined || [list].flat().includes(value)
  return (
    allows(locked?.os, "linux") &&
    allows(locked?.cpu, architecture) &&
    allows(locked?.libc, "glibc")
  )
}
