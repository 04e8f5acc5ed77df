"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ConfirmedButton } from "#components/calls/confirmed-button.tsx"
import { type AskedText, TextDialog } from "#components/calls/text-dialog.tsx"
import { LocalTime, RelativeTime } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { Button } from "#components/ui/button.tsx"
import type { PasskeyView } from "#lib/rooms/accounts/passkeys/passkey.ts"

/** The member's passkeys, each with its name and the time of its last use. */
export function PasskeyList({ passkeys, now }: { passkeys: PasskeyView[]; now: string }) {
  return (
    <ul className="w-full">
      {passkeys.map((passkey) => (
        <PasskeyRow key={passkey.id} passkey={passkey} now={now} />
      ))}
    </ul>
  )
}

function PasskeyRow({ passkey, now }: { passkey: PasskeyView; now: string }) {
  const t = useTranslations("accounts.passkeys")
  const { id, name, backedUp, createdAt, lastUsedAt, otherHost } = passkey
  const [asked, setAsked] = useState<AskedText | null>(null)
  const rename = {
    name: "name",
    keepAs: `passkey-${id}`,
    title: t("renameTitle", { name }),
    label: t("name"),
    value: name,
    required: true,
    maxLength: 60,
    confirmLabel: t("save"),
    save: (typed: string) => ask("PATCH /me/passkeys/{id}", { id, body: { name: typed } }),
  }
  return (
    <li className="flex items-center justify-between gap-x-4 gap-y-2.5 border-t border-line py-3 max-sm:flex-col max-sm:items-start">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium wrap-anywhere">
          {name}
          {otherHost && <Badge tone="danger">{t("otherHost", { host: otherHost })}</Badge>}
        </p>
        <p className="text-sm text-soft">
          {t.rich(lastUsedAt ? "used" : "unused", {
            since: () => <LocalTime at={createdAt} form="date" />,
            last: () => (lastUsedAt ? <RelativeTime at={lastUsedAt} now={now} /> : null),
          })}
          {backedUp && ` ${t("backedUp")}`}
        </p>
      </div>
      <div className="flex shrink-0 flex-wrap justify-end gap-2">
        <Button
          variant="quiet"
          size="sm"
          aria-label={t("renameNamed", { name })}
          onClick={() => setAsked(rename)}
        >
          {t("rename")}
        </Button>
        <ConfirmedButton
          button={{
            variant: "quiet",
            size: "sm",
            "aria-label": t("removeNamed", { name }),
            children: t("remove"),
          }}
          title={t("removeTitle", { name })}
          description={t("removeText")}
          confirmLabel={t("removeConfirm")}
          call={() => ask("DELETE /me/passkeys/{id}", { id })}
        />
      </div>
      <TextDialog asked={asked} onClose={() => setAsked(null)} />
    </li>
  )
}
