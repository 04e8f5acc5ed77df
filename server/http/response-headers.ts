import { randomBytes } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"

export type Origins = { app: URL; store: string; dev: boolean }

/**
 * The Content-Security-Policy of one answer. Browsers also apply `form-action` to redirects, so a
 * page with a visitor's download form must list the store.
 */
function contentSecurityPolicy(path: string, nonce: string, { app, store, dev }: Origins) {
  const isVisitorPage = path.startsWith("/s/") || path.startsWith("/r/")
  const policy: Record<string, string> = {
    "default-src": "'self'",
    "script-src": `'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${dev ? " 'unsafe-eval'" : ""}`,
    // Hot reload adds its styles inline, without the nonce.
    "style-src": dev ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`,
    "style-src-attr": "'unsafe-inline'",
    "img-src": `'self' data: blob: ${store}`,
    "font-src": "'self'",
    "media-src": `'self' blob: ${store}`,
    "connect-src": `'self' ${store}${dev ? ` ${app.origin.replace(/^http/, "ws")}` : ""}`,
    "frame-src": `'self' ${store}`,
    "worker-src": "'self' blob:",
    "form-action": isVisitorPage ? `'self' ${store}` : "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
  }
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join("; ")
}

/**
 * The policy of scripts. A worker follows the policy of its own script, and browsers cache that
 * script and its policy permanently, so the page puts the store into the script's address.
 */
export const scriptPolicy = ({ store }: Pick<Origins, "store">) =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${store}`

/**
 * The policy of the document that draws a PDF of a view-only share: no origin, no network, and it
 * may be framed only by pages of this app. `'self'` is not its own origin in every browser.
 */
export const framePolicy = ({ app }: Pick<Origins, "app">) =>
  `default-src 'none'; script-src ${app.origin} 'wasm-unsafe-eval'; style-src ${app.origin}; worker-src blob:; frame-ancestors ${app.origin}; sandbox allow-scripts`

export function fixedHeaders({ app, store }: Origins): Record<string, string> {
  const isStoreOpen =
    URL.canParse(store) &&
    new URL(store).protocol === "http:" &&
    new URL(store).hostname === app.hostname
  return {
    // Not no-referrer: a form on such a page would send `Origin: null`.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy":
      "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=(), browsing-topics=()",
    // Without includeSubDomains and preload, because other hosts of the domain are not Lapse's. If
    // the same host serves the store by http, HSTS would make the store unreachable.
    ...(app.protocol === "https:" && !isStoreOpen
      ? { "Strict-Transport-Security": "max-age=31536000" }
      : {}),
  }
}

/** Sets the page's Content-Security-Policy and returns the nonce that it allows. */
export function protectPage(
  path: string,
  origins: Origins,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const nonce = randomBytes(16).toString("base64")
  const policy = contentSecurityPolicy(path, nonce, origins)
  response.setHeader("Content-Security-Policy", policy)
  request.headers["content-security-policy"] = policy // Next reads the nonce from this header
  return nonce
}
