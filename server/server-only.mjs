import { existsSync } from "node:fs"
import { registerHooks } from "node:module"

// `server-only` and `client-only` are checks for a bundler and throw without one. `server-only`
// does not throw under the condition `react-server`, but that would also change which React Next
// loads.
const empty = "data:text/javascript,"
// Types have already been removed from the modules of a release (release/assemble.ts).
const isRelease = existsSync(new URL("../release.json", import.meta.url))

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === "server-only" || specifier === "client-only") {
      return { url: empty, format: "module", shortCircuit: true }
    }
    const found = nextResolve(specifier, context)
    return isRelease && found.url.endsWith(".ts") ? { ...found, format: "module" } : found
  },
})
