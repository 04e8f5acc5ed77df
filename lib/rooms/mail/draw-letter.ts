import "server-only"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { escapeHtml } from "#lib/adapters/text/plain-text.ts"
import { palettesOf } from "#lib/rooms/settings/palette.ts"
import type { Letter } from "./letter.ts"
import type { MailWords } from "./mail-words.ts"

type Look = Pick<MailWords, "locale" | "direction"> & {
  brand: string
  /** Null for Lapse's own colour. */
  accent: string | null
  hasLogo: boolean
  foot: string
}

export function plainLetter(
  { title, paragraphs, quotes, items, action, notes, stop }: Letter,
  foot: string,
) {
  const quoted = (texts: string[] = []) => texts.map((text) => `> ${text}`)
  return [
    title,
    ...paragraphs,
    ...quoted(quotes),
    ...items.map(({ text, note, quotes, url }) => [text, note, ...quoted(quotes), url].join("\n")),
    ...(action ? [`${action.text}:\n${action.url}`] : []),
    ...notes,
    ...(stop ? [`${stop.text}:\n${stop.url}`] : []),
    `-- \n${foot}`,
  ].join("\n\n")
}

/**
 * Returns the HTML part of a mail: a table with styles on each element, as mail programs need, and
 * classes that change the colours in dark mode. It loads nothing.
 */
export function drawLetter(letter: Letter, look: Look): string {
  const { title, paragraphs, quotes, items, action, notes, stop } = letter
  const start = look.direction === "rtl" ? "right" : "left"
  const { light, dark } = look.accent ? palettesOf(look.accent) : LAPSE
  const paragraph = (text: string) =>
    `<p class="ink" style="margin:0 0 16px;font-size:16px;line-height:24px;color:${INK}">${escapeHtml(text)}</p>`
  const small = (html: string) =>
    `<p class="soft" style="margin:0 0 8px;font-size:13px;line-height:19px;color:${SOFT}">${html}</p>`
  const quote = (text: string) =>
    `<div class="line ink" dir="auto" style="margin:0 0 12px;border-${start}:3px solid ${LINE};padding:2px 12px;font-size:16px;line-height:24px;color:${INK}">${escapeHtml(text)}</div>`
  const press = ({ text, url }: { text: string; url: string }) =>
    `<p style="margin:24px 0 28px"><a class="press" href="${escapeHtml(url)}" style="display:inline-block;border-radius:10px;padding:12px 22px;font-size:16px;line-height:20px;font-weight:600;text-decoration:none;background:${light.accent};color:${light.ink}">${escapeHtml(text)}</a></p>`
  const item = ({ text, note, quotes = [], url }: Letter["items"][number]) =>
    `<div class="line" style="border-top:1px solid ${LINE};padding:14px 0">
<a class="ink" href="${escapeHtml(url)}" style="font-size:16px;line-height:23px;font-weight:600;color:${INK};text-decoration:none">${escapeHtml(text)}</a>
<div class="soft" style="margin-top:2px;font-size:14px;line-height:20px;color:${SOFT}">${escapeHtml(note)}</div>${quotes.map(quote).join("")}</div>`
  return `<!doctype html>
<html lang="${look.locale}" dir="${look.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(letter.subject)}</title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
.paper { background: #151412 !important; }
.ink { color: #f0ece3 !important; }
.soft { color: #a39c90 !important; }
.line { border-color: #322e29 !important; }
.ring { border-color: ${dark.accent} !important; border-right-color: #322e29 !important; }
.press { background: ${dark.accent} !important; color: ${dark.ink} !important; }
.link { color: ${dark.accent} !important; }
.logo { background: #ffffff !important; }
}
</style>
</head>
<body class="paper" dir="${look.direction}" style="margin:0;padding:0;background:#fbfaf7">
<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#fbfaf7"><tr><td align="center" style="padding:28px 20px 40px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:520px"><tr><td dir="${look.direction}" align="${start}" style="font-family:'Instrument Sans',-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;text-align:${start}">
<div style="margin:0 0 32px">${drawBrand(look, light.accent)}</div>
<h1 class="ink" style="margin:0 0 16px;font-size:26px;line-height:31px;font-weight:600;${isLatin(look.locale) ? "letter-spacing:-0.02em;" : ""}color:${INK}">${escapeHtml(title)}</h1>
${paragraphs.map(paragraph).join("\n")}
${quotes.map(quote).join("\n")}
${items.map(item).join("\n")}
${action ? press(action) : ""}
${notes.map((note) => small(escapeHtml(note))).join("\n")}
${stop ? small(`<a class="link" href="${escapeHtml(stop.url)}" style="color:${light.accent}">${escapeHtml(stop.text)}</a>`) : ""}
<div class="line" style="margin-top:28px;border-top:1px solid ${LINE};padding-top:14px">${small(escapeHtml(look.foot))}</div>
</td></tr></table>
</td></tr></table>
</body>
</html>`
}

/** Other scripts must not have letter spacing. */
const isLatin = (locale: Locale) => !["ar", "ja", "zh-CN"].includes(locale)

// The colours of components/ui/theme.css.
const LAPSE = {
  light: { accent: "#c2410c", ink: "#ffffff" },
  dark: { accent: "#ff8b52", ink: "#1d0f07" },
}
const INK = "#1c1a17"
const SOFT = "#68635a"
const LINE = "#e6e1d7"

/** Draws the name with the ring or the logo, on white because logos are designed for paper. */
function drawBrand({ brand, hasLogo, direction }: Look, accent: string) {
  const start = direction === "rtl" ? "right" : "left"
  const sign = hasLogo
    ? `<img class="logo" src="cid:logo" alt="" height="36" style="height:36px;max-width:192px;vertical-align:middle;border:0;border-radius:6px;padding:2px">`
    : `<span class="ring" style="display:inline-block;width:15px;height:15px;border:3px solid ${accent};border-right-color:${LINE};border-radius:50%;vertical-align:-4px"></span>`
  return `${sign}<span class="ink" style="margin-${start}:9px;font-size:16px;line-height:24px;font-weight:600;color:${INK}">${escapeHtml(brand)}</span>`
}
