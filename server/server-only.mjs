import { registerHooks } from "node:module"

// `server-only` and `client-only` are fences for a bundler. Outside one they would throw, and the
// condition that opens the first (`react-server`) would change what React is for Next.
const empty = "data:text/javascript,"

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === "server-only" || specifier === "client-only"
      ? { url: empty, format: "module", shortCircuit: true }
      : nextResolve(specifier, context),
})
