"use client"

import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { LocalTime, RelativeTime } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { Button } from "#components/ui/button.tsx"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import type { PasskeyView } from "#lib/accounts/passkeys/passkey.ts"

/** The member's passkeys, each with its name and when it was used. */
export function PasskeyList({ passkeys, now }: { passkeys: PasskeyView[]; now: string }) {
  return (
    <ul className="w-full max-w-160 border-b border-line">
      {passkeys.map((passkey) => (
        <PasskeyRow key={passkey.id} passkey={passkey} now={now} />
      ))}
    </ul>
  )
}

function PasskeyRow({ passkey, now }: { passkey: PasskeyView; now: string }) {
  const t = useTranslations("accounts.passkeys")
  const { id, name, backedUp, createdAt, lastUsedAt, otherHost } = passkey
  const removing = useChange()
  const [asks, setAsks] = useState(false)
  return (
    <li className="flex items-center justify-between gap-4 border-t border-line py-3">
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
        <RenameDialog id={id} name={name} />
        <Button
          variant="quiet"
          size="sm"
          aria-label={t("removeNamed", { name })}
          onClick={() => setAsks(true)}
        >
          {t("remove")}
        </Button>
      </div>
      <AlertDialog
        open={asks}
        onOpenChange={setAsks}
        title={t("removeTitle", { name })}
        description={t("removeText")}
        confirmLabel={t("removeConfirm")}
        onConfirm={() =>
          removing.run(
            () => ask("DELETE /me/passkeys/{id}", { id }),
            () => setAsks(false),
          )
        }
        pending={removing.pending}
      >
        {removing.refused && <ActionError>{removing.refused.message}</ActionError>}
      </AlertDialog>
    </li>
  )
}

function RenameDialog({ id, name }: { id: string; name: string }) {
  const t = useTranslations("accounts.passkeys")
  const form = useId()
  const { run, pending, refused } = useChange()
  const [open, setOpen] = useState(false)
  const rename = (fields: FormData) =>
    run(
      () => ask("PATCH /me/passkeys/{id}", { id, body: { name: formText(fields, "name") ?? "" } }),
      () => setOpen(false),
    )
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      keepAs={`passkey-${id}`}
      title={t("renameTitle", { name })}
      trigger={
        <Button variant="quiet" size="sm" aria-label={t("renameNamed", { name })}>
          {t("rename")}
        </Button>
      }
      footer={
        <>
          <DialogClose render={<Button variant="quiet">{t("cancel")}</Button>} />
          <Button type="submit" form={form} pending={pending}>
            {t("save")}
          </Button>
        </>
      }
    >
      <form method="post" id={form} onSubmit={onSubmit(rename)}>
        <Field
          label={t("name")}
          name="name"
          required
          maxLength={60}
          defaultValue={name}
          error={refused?.message}
        />
      </form>
    </Dialog>
  )
}
