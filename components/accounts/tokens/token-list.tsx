"use client"

import { useLocale, useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { ConfirmedButton } from "#components/calls/confirmed-button.tsx"
import { LocalTime, RelativeTime } from "#components/time/local-time.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { TokenView } from "#lib/rooms/accounts/tokens/token.ts"

type TokenListProps = {
  tokens: TokenView[]
  /** Whether a team has them, so that each says who made it. */
  ofTeam?: boolean
  now: string
  revocable?: boolean
}

/** API tokens, each with its scopes, limits, last use and end. */
export function TokenList({ tokens, ofTeam = false, now, revocable = false }: TokenListProps) {
  return (
    <ul className="w-full max-w-204 border-b border-line">
      {tokens.map((token) => (
        <li
          key={token.id}
          className="flex items-center justify-between gap-x-4 gap-y-2.5 border-t border-line py-3 max-sm:flex-col max-sm:items-start"
        >
          <TokenText token={token} ofTeam={ofTeam} now={now} />
          {revocable && <RevokeToken id={token.id} name={token.name} />}
        </li>
      ))}
    </ul>
  )
}

type TokenTextProps = { token: TokenView; ofTeam: boolean; now: string }

function TokenText({ token, ofTeam, now }: TokenTextProps) {
  const t = useTranslations("accounts.tokens")
  const locale = useLocale()
  const { name, scopes, caps, madeBy, createdAt, expiresAt, lastUsedAt, lastUsedFrom } = token
  const limits = [
    caps.maxDayBytes !== null && t("perDay", { size: formatBytes(caps.maxDayBytes, locale) }),
    caps.maxShareDays !== null && t("linkDays", { days: caps.maxShareDays }),
    caps.passwordRequired && t("passwordRequired"),
    caps.verifiedOnly && t("verifiedOnly"),
  ].filter((limit) => limit !== false)
  return (
    <div className="min-w-0">
      <p className="font-medium wrap-anywhere">{name}</p>
      {ofTeam && (
        <p className="text-sm text-soft">
          {madeBy === null ? t("serviceAccount") : t("madeBy", { name: madeBy })}
        </p>
      )}
      <p className="text-sm text-soft">
        {t.rich(lastUsedAt ? "used" : "unused", {
          since: () => <LocalTime at={createdAt} form="date" />,
          last: () => (lastUsedAt ? <RelativeTime at={lastUsedAt} now={now} /> : null),
        })}
        {lastUsedFrom && ` ${t("usedFrom", { address: lastUsedFrom })}`}{" "}
        {expiresAt
          ? t.rich("expires", { end: () => <LocalTime at={expiresAt} form="date" now={now} /> })
          : t("neverExpires")}
      </p>
      <p className="text-sm text-soft">
        {scopes.map((scope) => (
          <code key={scope} className="me-2.5 whitespace-nowrap">
            {scope}
          </code>
        ))}
      </p>
      {limits.length > 0 && <p className="text-sm text-soft">{limits.join(" · ")}</p>}
    </div>
  )
}

function RevokeToken({ id, name }: { id: string; name: string }) {
  const t = useTranslations("accounts.tokens")
  return (
    <div className="shrink-0">
      <ConfirmedButton
        button={{
          variant: "quiet",
          size: "sm",
          "aria-label": t("revokeNamed", { name }),
          children: t("revoke"),
        }}
        title={t("revokeTitle", { name })}
        description={t("revokeText")}
        confirmLabel={t("revokeConfirm")}
        call={() => ask("DELETE /tokens/{id}", { id })}
      />
    </div>
  )
}
