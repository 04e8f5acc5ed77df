import path from "node:path"
import { build, stop } from "esbuild"

const root = path.join(import.meta.dirname, "../..")

/** Builds `cli/` into one file without dependencies, which runs on Node 20 and newer. */
export async function buildCommand(outfile: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ["cli/lapse.ts"],
    outfile,
    bundle: true,
    format: "cjs", // Node reads a file without an ending as CommonJS
    platform: "node",
    target: "node20",
    legalComments: "none",
    logLevel: "silent",
    banner: { js: "#!/usr/bin/env node" },
  })
  await stop()
}
