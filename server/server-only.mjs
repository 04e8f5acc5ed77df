import { registerHooks } from "node:module"

// `server-only` and `client-only` are checks for a bundler: without one they throw. The condition
// under which `server-only` does not throw (`react-server`) would also change which React Next
// loads.
const empty = "data:text/javascript,"

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === "server-only" || specifier === "client-only"
      ? { url: empty, format: "module", shortCircuit: true }
      : nextResolve(specifier, context),
})
