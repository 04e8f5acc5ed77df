"use client"

import { UserPlus } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { api } from "#components/api.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { useTypedIsSaved, useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { Field, Textarea } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import { Notice } from "#components/ui/notice.tsx"
import type { MadeInvite } from "#lib/accounts/invites/invite-member.ts"
import { quotaBytes } from "./quota-bytes.ts"

/** Matches the field of a single address, or of one address in a list. */
const EMAIL = /^email(s(\.\d+)?)?$/

export function InviteDialog() {
  const t = useTranslations("admin.members")
  const [open, setOpen] = useState(false)
  const [made, setMade] = useState<MadeInvite[] | null>(null)

  function onOpenChange(next: boolean) {
    if (next) setMade(null)
    setOpen(next)
  }

  return (
    <Dialog
      keepAs="invite"
      open={open}
      onOpenChange={onOpenChange}
      title={made ? t("inviteDone", { count: made.length }) : t("invite")}
      {...(!made && { description: t("inviteLead") })}
      trigger={
        <Button>
          <UserPlus aria-hidden size={18} />
          {t("invite")}
        </Button>
      }
      {...(made && { footer: <DialogClose render={<Button>{t("inviteClose")}</Button>} /> })}
    >
      {made ? (
        <>
          <div className="flex flex-col gap-4">
            {made.map(({ email, url }) => (
              <CopyField
                key={url}
                label={made.length > 1 && email ? email : t("inviteLink")}
                value={url}
              />
            ))}
          </div>
          <p className="mt-3 text-sm text-soft">
            {t.rich("inviteUntil", {
              count: made.length,
              until: () => <LocalTime at={made[0]?.expiresAt ?? ""} />,
            })}
          </p>
        </>
      ) : (
        <InviteForm onMade={setMade} />
      )}
    </Dialog>
  )
}

function InviteForm({ onMade }: { onMade: (made: MadeInvite[]) => void }) {
  const t = useTranslations("admin.members")
  const { run, pending, refused } = useChange()
  const typedIsSaved = useTypedIsSaved()
  const emails = useTypedText("emails", "")
  const role = useTypedText("role", "member")
  const quota = useTypedText("quotaGb", "")
  return (
    <form
      method="post"
      onSubmit={onSubmit((form) =>
        run(
          () => invite(form),
          (made) => {
            typedIsSaved()
            onMade(made)
          },
        ),
      )}
      className="flex flex-col gap-5"
    >
      {refused && !refused.field && <Notice tone="danger">{refused.message}</Notice>}
      <Field
        label={t("inviteEmail")}
        aside={t("optional")}
        hint={t("inviteEmailHint")}
        error={refused && EMAIL.test(refused.field ?? "") ? refused.message : undefined}
      >
        {(control) => (
          <Textarea {...control} {...emails} rows={2} autoComplete="off" spellCheck={false} />
        )}
      </Field>
      <Field label={t("inviteRole")}>
        {(control) => (
          <NativeSelect {...control} {...role}>
            <option value="member">{t("roleMember")}</option>
            <option value="admin">{t("roleAdmin")}</option>
          </NativeSelect>
        )}
      </Field>
      <Field
        label={t("inviteQuota")}
        aside={t("optional")}
        hint={t("inviteQuotaHint")}
        {...quota}
        inputMode="decimal"
        autoComplete="off"
        error={refused?.field === "quotaBytes" ? refused.message : undefined}
      />
      <div className="flex flex-wrap justify-end gap-3">
        <Button type="submit" pending={pending} className="max-sm:w-full">
          {t("inviteSubmit")}
        </Button>
      </div>
    </form>
  )
}

/** Creates one invitation for each address; without addresses, one that anybody can use. */
async function invite(form: FormData): Promise<MadeInvite[]> {
  const emails = (formText(form, "emails") ?? "").split(/[\s,;]+/).filter((one) => one !== "")
  const role = formText(form, "role") === "admin" ? "admin" : "member"
  const input = { role, quotaBytes: quotaBytes(form) } as const
  if (emails.length === 0) return [await api.admin.users.invite(input)]
  return (await api.admin.users.inviteMany({ emails, ...input })).items
}
