import { describe, expect, it } from "vitest"
import { type Lock, listPackages } from "./locked-packages.ts"

const lock: Lock = {
  packages: {
    "": {
      version: "1.0.0",
      dependencies: { a: "*", viewer: "*" },
      optionalDependencies: { "binary-x64": "*", "binary-arm64": "*", "binary-musl": "*" },
    },
    "node_modules/a": {
      version: "1.0.0",
      dependencies: { b: "*" },
      peerDependencies: { c: "*", compiler: "*" },
      peerDependenciesMeta: { compiler: { optional: true } },
    },
    "node_modules/a/node_modules/b": { version: "2.0.0", dependencies: { d: "*" } },
    "node_modules/b": { version: "1.0.0" },
    "node_modules/c": { version: "1.0.0" },
    "node_modules/d": { version: "1.0.0", dependencies: { b: "*", a: "*" } },
    "node_modules/compiler": { version: "1.0.0" },
    "node_modules/viewer": { version: "1.0.0", dependencies: { "only-viewers": "*", c: "*" } },
    "node_modules/only-viewers": { version: "1.0.0" },
    "node_modules/test-tool": { version: "1.0.0" },
    "node_modules/binary-x64": { version: "1.0.0", os: ["linux"], cpu: ["x64"] },
    "node_modules/binary-arm64": { version: "1.0.0", os: "linux", cpu: "arm64" },
    "node_modules/binary-musl": { version: "1.0.0", cpu: ["x64"], libc: ["musl"] },
  },
}

describe("the packages of a release", () => {
  it("are those that dependencies lead to, each where Node finds it, and those of the system", () => {
    expect(listPackages(lock, { architecture: "x64", without: () => false })).toEqual([
      "node_modules/a",
      "node_modules/a/node_modules/b",
      "node_modules/b",
      "node_modules/binary-x64",
      "node_modules/c",
      "node_modules/d",
      "node_modules/only-viewers",
      "node_modules/viewer",
    ])
  })

  it("leave out a package with what only it needs", () => {
    const found = listPackages(lock, {
      architecture: "arm64",
      without: (name) => name === "viewer",
    })

    expect(found).toContain("node_modules/binary-arm64")
    expect(found).toContain("node_modules/c")
    expect(found.join()).not.toContain("viewer")
  })
})
