import "server-only"
import { createHash } from "node:crypto"
import type { Answer } from "./exchange.ts"

const STYLE = `:root{color-scheme:light dark;--paper:#faf8f4;--ink:#22201c;--accent:#b4502a}
@media(prefers-color-scheme:dark){:root{--paper:#171512;--ink:#ece7df;--accent:#e58a61}}
body{margin:0;min-height:100svh;display:grid;place-items:center;background:var(--paper);color:var(--ink);font:1.125rem/1.5 "Instrument Sans",system-ui,sans-serif}
main{max-width:34rem;padding:2rem;box-sizing:border-box}a{color:var(--accent)}p{margin:0 0 1rem}`
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

type Extra = { retryAfter: number | undefined; back: string | null; headers: Answer["headers"] }

/** A sentence as a page of its own, for the moments when the app's pages cannot say it. */
export function plainPage(
  status: number,
  sentence: string,
  { retryAfter, back, headers }: Extra,
): Answer {
  const lines = [escapeHtml(sentence)]
  if (status === 429 && retryAfter) lines.push(escapeHtml(whenAgain(retryAfter)))
  if (back) lines.push(`<a href="${escapeHtml(back)}">Back to the link</a>`)
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>${escapeHtml(sentence)}</title><style>${STYLE}</style></head>
<body><main><h1 hidden>Lapse</h1>${lines.map((line) => `<p>${line}</p>`).join("")}</main></body></html>`
  const fixed: Answer["headers"] = [
    ["Content-Type", "text/html; charset=utf-8"],
    ["Cache-Control", "no-store"],
    ["Content-Security-Policy", POLICY],
  ]
  return { status, headers: [...fixed, ...headers], body }
}

function whenAgain(seconds: number) {
  const at = new Date(Date.now() + seconds * 1000)
  const time = new Intl.DateTimeFormat("en", {
    timeStyle: "medium",
    timeZone: "UTC",
    hourCycle: "h23",
  })
  return `You can try again at ${time.format(at)} UTC, in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`
}

const escapeHtml = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
