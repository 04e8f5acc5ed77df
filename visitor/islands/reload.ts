import { ASSETS_PATH } from "../assets.ts"

const ASK_MS = 1_000

let first: string | null = null

// Development only: reloads the page once visitor/ was built again.
setInterval(async () => {
  const answer = await fetch(`${ASSETS_PATH}changes`).catch(() => null)
  const builtAt = answer?.ok ? await answer.text() : null
  first ??= builtAt
  if (builtAt !== null && builtAt !== first) location.reload()
}, ASK_MS)
