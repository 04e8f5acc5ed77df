import "server-only"
import type { Mailbox } from "#lib/adapters/configuration/parsers.ts"
import { configuration } from "#lib/adapters/configuration.ts"
import { ownerPath } from "#lib/adapters/http/owner-path.ts"
import { linkToken, sign } from "#lib/adapters/secrets.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { codeOf } from "./code-of.ts"
import { MAX_TAKERS, type MailContent, type Notice } from "./mail.ts"
import type { MailKey, MailWords } from "./mail-words.ts"
import { noticesToken } from "./notices-token.ts"

/** The text of a mail, without a design. */
export type Letter = {
  subject: string
  title: string
  paragraphs: string[]
  /** What strangers wrote, below the paragraphs or an item. */
  quotes: string[]
  items: { text: string; note: string; quotes?: string[]; url: string }[]
  /** Null for a mail without a link. */
  action: { text: string; url: string } | null
  /** Small print. */
  notes: string[]
  replyTo: Mailbox | null
  /** A page that unsubscribes from this kind of mail, and an address that does so by a POST. */
  stop: { text: string; url: string; unsubscribeUrl: string } | null
}

type Context = MailWords & {
  id: string
  /** The address of the link that it is about, if it is a recipient's. */
  link: string
  brand: string
  to: string
  targetId: string | null
  token: string
}

export function letterOf(content: MailContent, context: Context): Letter {
  switch (content.kind) {
    case "reset":
      return resetLetter(content.values, context)
    case "code":
      return codeLetter(context)
    case "shared":
      return sharedLetter(content.values, context)
    case "invite":
      return inviteLetter(content.values, context)
    case "account":
      return accountLetter(content.values, context)
    case "notices":
      return noticesLetter(content.values, context)
    case "held":
      return heldLetter(content.values, context)
    case "lapsing":
      return lapsingLetter(content.values, context)
    case "linked":
      return linkedLetter(content.values, context)
    case "receipt":
      return receiptLetter(content.values, context)
    case "test":
      return testLetter(context)
  }
}

const at = (path: string) => `${configuration.APP_URL}${path}`

const MAX_NOTICES = 50

const PLAIN = { quotes: [], items: [], notes: [], replyTo: null, stop: null }

type Values<Kind> = Extract<MailContent, { kind: Kind }>["values"]

function resetLetter({ expiresAt, by }: Values<"reset">, context: Context): Letter {
  const { brand, to, token, words, timeInWords } = context
  const text = by
    ? words("reset.textBy", { admin: by.name, address: to })
    : words("reset.text", { address: to })
  return {
    ...PLAIN,
    subject: words("reset.subject", { brand }),
    title: words("reset.title"),
    paragraphs: [text],
    action: { text: words("reset.action"), url: at(`/reset/${token}`) },
    notes: [
      words("reset.until", { until: timeInWords(expiresAt) }),
      by ? words("reset.ignoreBy", { admin: by.name }) : words("reset.ignore"),
    ],
    replyTo: by,
  }
}

/** A code stands in the subject too, where it is read without opening the mail. */
function codeLetter({ id, brand, words }: Context): Letter {
  const code = codeOf(id)
  return {
    ...PLAIN,
    subject: words("code.subject", { code, brand }),
    title: code,
    paragraphs: [words("code.text")],
    action: null,
    notes: [words("code.ignore")],
  }
}

function sharedLetter(
  { by, share, message, until, isRequest, reminds }: Values<"shared">,
  { brand, link, words, timeInWords }: Context,
): Letter {
  const what = isRequest ? "asks" : share ? "named" : "files"
  const title = words("shared.title", { sender: by.name, share, what })
  return {
    ...PLAIN,
    subject: reminds ? words("shared.reminder", { title }) : title,
    title,
    paragraphs: [
      by.address === ""
        ? words("shared.textService", { sender: by.name, brand })
        : words("shared.text", { sender: by.name, senderAddress: by.address, brand }),
    ],
    quotes: message ? [message] : [],
    action: { text: words("shared.action", { what }), url: link },
    notes: [
      ...(until ? [words("shared.until", { until: timeInWords(until) })] : []),
      words("shared.own", { sender: by.name }),
    ],
    replyTo: by.address === "" ? null : by,
  }
}

function inviteLetter({ by, expiresAt }: Values<"invite">, context: Context): Letter {
  const { brand, to, token, words, timeInWords } = context
  const until = timeInWords(expiresAt)
  const inviter = by.name
  return {
    ...PLAIN,
    subject: words("invite.subject", { inviter, brand }),
    title: words("invite.title", { inviter, brand }),
    paragraphs: [words("invite.text", { inviter, inviterAddress: by.address })],
    action: { text: words("invite.action", { brand }), url: at(`/invite/${token}`) },
    notes: [words("invite.until", { address: to, until }), words("invite.ignore")],
    replyTo: by,
  }
}

/** Tells a member that ways to sign in have changed, in case another person changed them. */
function accountLetter(
  { more, unlisted, ...first }: Values<"account">,
  { brand, to, words, timeInWords }: Context,
): Letter {
  const changes = [first, ...more]
  const count = changes.length + unlisted
  const told = changes.map(({ what, name, at: time, isOwn, by }) => ({
    text: words(`account.${what}.title`, { name: name || "none" }),
    note: words("account.text", {
      address: to,
      time: timeInWords(time),
      who: isOwn ? "own" : by ? "admin" : "operator",
      admin: by?.name ?? "",
    }),
    url: at("/settings"),
  }))
  const [only] = count === 1 ? told : []
  return {
    ...PLAIN,
    subject: words(only ? `account.${first.what}.subject` : "account.several.subject", {
      brand,
      count,
    }),
    title: only ? only.text : words("account.several.title", { count }),
    paragraphs: only ? [only.note] : [],
    items: only ? [] : told,
    action: { text: words("account.action"), url: at("/settings") },
    notes: [
      ...(unlisted > 0 ? [words("account.several.more", { count: unlisted })] : []),
      ...(changes.some(({ isOwn }) => isOwn) ? [words("account.notYou")] : []),
      ...(changes.some(({ isOwn }) => !isOwn) ? [words("account.ask")] : []),
    ],
    replyTo: changes.findLast(({ by }) => by)?.by ?? null,
  }
}

function noticesLetter({ items: notices, team }: Values<"notices">, context: Context): Letter {
  const { words } = context
  const owned = ofTeam(team, context)
  const items = notices.slice(0, MAX_NOTICES).map((notice) => ({
    text: words(`notices.${takerOf(notice) ? "downloadedBy" : notice.what}`, {
      share: sharedAs(notice, words),
      count: notice.count,
      name: takerOf(notice) ?? "",
    }),
    note: noteOf(notice, context),
    quotes: (notice.notes ?? []).map(withoutLinks),
    url: owned.at(
      `/${notice.isRequest ? "requests" : "shares"}/${notice.shareId}${notice.what === "access_requested" ? "#questions" : ""}`,
    ),
  }))
  const areRequests = notices.every(({ isRequest }) => isRequest)
  const unlisted = notices.length - items.length
  const [only] = notices.length === 1 ? items : []
  return {
    ...PLAIN,
    subject: owned.named(
      words("notices.subject", {
        first: items[0]?.text ?? "",
        count: notices.length,
        others: notices.length - 1,
      }),
    ),
    title: owned.named(
      only?.text ?? words(areRequests ? "notices.titleRequests" : "notices.title"),
    ),
    paragraphs: only ? [only.note] : [],
    quotes: only?.quotes ?? [],
    items: only ? [] : items,
    action: only
      ? { text: answerOf(notices[0], context), url: only.url }
      : areRequests
        ? { text: words("notices.actionRequests"), url: owned.at("/requests") }
        : { text: words("notices.action"), url: owned.at("/shares") },
    notes: [
      ...(unlisted > 0 ? [words("notices.more", { count: unlisted })] : []),
      owned.why ?? words(areRequests ? "notices.whyRequests" : "notices.why"),
    ],
    stop: owned.stop,
  }
}

/** The words for opening a share again, or for looking at what happened to it. */
function answerOf(notice: Notice | undefined, { words }: Context) {
  const { restore, days, downloads, viewOnly } = notice?.reopening ?? {}
  if (days === undefined || downloads === undefined) return words("notices.actionOne")
  return words(restore ? "notices.restore" : "notices.reopen", {
    days,
    downloads,
    viewOnly: viewOnly ? "yes" : "no",
    what: days === 0 ? "downloads" : downloads === 0 ? "days" : "both",
  })
}

/** A stranger's text in which mail programs find no address to make a link of. */
const withoutLinks = (text: string) => text.replace(/[.:@](?=\S)/g, "$&\u2060")

/** Tells an admin that files were held. */
function heldLetter(values: Values<"held">, context: Context): Letter {
  const { brand, words } = context
  return {
    ...PLAIN,
    subject: words("held.subject", { ...values, brand }),
    title: words("held.title", values),
    paragraphs: [words("held.text", values)],
    action: { text: words("held.action"), url: at("/admin/files?status=held") },
    notes: [words("held.why")],
    stop: ofTeam(null, context).stop,
  }
}

/** Tells an owner which files are deleted next. */
function lapsingLetter({ items, count, bytes, team }: Values<"lapsing">, context: Context) {
  const owned = ofTeam(team, context)
  const { brand, locale, words, timeInWords } = context
  const more = count - items.length
  return {
    ...PLAIN,
    subject: owned.named(words("lapsing.subject", { count, brand })),
    title: owned.named(words("lapsing.title", { count })),
    paragraphs: [words("lapsing.text", { count, size: formatBytes(bytes, locale) })],
    items: items.map(({ name, at: time }) => ({
      text: name,
      note: words("lapsing.when", { at: timeInWords(time) }),
      url: owned.at("/files"),
    })),
    action: { text: words("lapsing.action"), url: owned.at("/files") },
    notes: [
      ...(more > 0 ? [words("lapsing.more", { count: more })] : []),
      owned.why ?? words("lapsing.why"),
    ],
    stop: owned.stop,
  }
}

/** What a mail to an owner's readers says of the team, if that is the owner. */
function ofTeam(team: Values<"notices">["team"], { targetId, words }: Context) {
  const token = noticesToken({ id: targetId ?? "", team: team ?? null })
  return {
    at: (path: `/${string}`) => at(ownerPath(team?.slug ?? null, path)),
    named: (text: string) => (team ? words("notices.ofTeam", { team: team.name, text }) : text),
    why: team && words("notices.whyTeam", { team: team.name }),
    stop: {
      text: team ? words("notices.stopTeam", { team: team.name }) : words("notices.stopAction"),
      url: at(`/notices/${token}`),
      unsubscribeUrl: at(`/stop-notices/${token}`),
    },
  }
}

const sharedAs = ({ share, more = 0 }: Notice, words: MailWords["words"]) =>
  share && more > 0
    ? words("notices.andMore", { share, count: more })
    : share || words("notices.untitled")

const NOTES: Record<Notice["what"], MailKey> = {
  first_download: "notices.happened",
  downloaded: "notices.takers",
  access_requested: "notices.requested",
  expires_unused: "notices.expires",
  guessing: "notices.guesses",
  received: "notices.arrived",
  held: "notices.heldText",
}

function noteOf(notice: Notice, { locale, words, timeInWords }: Context) {
  const { what, at, count, bytes, senders } = notice
  const named = (notice.takers ?? []).filter((name) => name !== "")
  const areListed = named.length > 0 && takerOf(notice) === null
  return words(!areListed && what === "downloaded" ? "notices.happened" : NOTES[what], {
    at: timeInWords(at),
    count,
    senders: senders ?? 0,
    bytes: formatBytes(bytes ?? 0, locale),
    names: named.slice(0, MAX_TAKERS).join(", "),
    more: named.length > MAX_TAKERS ? "yes" : "no",
  })
}

/** Returns the recipient who made all downloads of a notice; null if there is not just one. */
function takerOf({ takers }: Notice): string | null {
  const [name, ...others] = takers ?? []
  return name && others.length === 0 ? name : null
}

function linkedLetter(
  { provider, at: since }: Values<"linked">,
  { brand, to, words, timeInWords }: Context,
): Letter {
  return {
    ...PLAIN,
    subject: words("linked.subject", { brand, provider }),
    title: words("linked.title", { provider }),
    paragraphs: [words("linked.text", { brand, provider, address: to, at: timeInWords(since) })],
    action: { text: words("linked.action"), url: at("/settings") },
    notes: [words("linked.warn", { brand })],
  }
}

/** The receipt of a delivery. Its link opens only the receipt, in any browser. */
function receiptLetter(
  { link, open, title, by, files, bytes, at: time }: Values<"receipt">,
  { locale, targetId, words, timeInWords }: Context,
): Letter {
  const token = linkToken(Buffer.from(link, "base64url"), "request", open)
  const size = formatBytes(bytes, locale)
  return {
    ...PLAIN,
    subject: words("receipt.subject", { title }),
    title: words("receipt.title"),
    paragraphs: [words("receipt.text", { count: files, size, title, by, at: timeInWords(time) })],
    action: {
      text: words("receipt.action"),
      url: at(`/r/${token}/receipt?of=${sign("receipt", targetId ?? "")}`),
    },
    notes: [words("receipt.why")],
  }
}

function testLetter({ brand, to, words }: Context): Letter {
  return {
    ...PLAIN,
    subject: words("test.subject", { brand }),
    title: words("test.title"),
    paragraphs: [words("test.text", { brand, address: to })],
    action: { text: words("test.action", { brand }), url: at("/") },
  }
}
