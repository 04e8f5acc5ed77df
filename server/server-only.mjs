import { registerHooks } from "node:module"

// `server-only` and `client-only` are checks for a bundler. Without one they throw, and the
// condition under which the first does not (`react-server`) changes which React Next gets.
const empty = "data:text/javascript,"

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === "server-only" || specifier === "client-only"
      ? { url: empty, format: "module", shortCircuit: true }
      : nextResolve(specifier, context),
})
