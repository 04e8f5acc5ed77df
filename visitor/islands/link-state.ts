import { pageData } from "./page-data.ts"

/** GET /s/{token}/state */
export type LinkState = {
  status: string
  expiresAt: string | null
  downloadsLeft: number | null
  canPreview: boolean
  viewOnly: boolean
  needsClaim: boolean
  files: { id: string; status: string }[]
}

/**
 * The state of the link; "closed" if it no longer opens for this visitor, null if there was no
 * answer.
 */
export async function readState(): Promise<LinkState | "closed" | null> {
  try {
    const response = await fetch(`/s/${pageData.token}/state`, { cache: "no-store" })
    if (response.ok) return await response.json()
    return [401, 404, 410].includes(response.status) ? "closed" : null
  } catch {
    return null
  }
}
