"use client"

import { UserPlus } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import type { MadeInvite } from "#lib/rooms/accounts/invites/invite.ts"
import { InviteForm, type InviteFormProps } from "./invite-form.tsx"

/** Invites people, by mail where there is a mail server. */
export function InviteDialog(props: Pick<InviteFormProps, "mail" | "needsAddress" | "teams">) {
  const { mail } = props
  const t = useTranslations("admin.members")
  const [open, setOpen] = useState(false)
  const [made, setMade] = useState<MadeInvite[] | null>(null)
  const [previewed, setPreviewed] = useState<number | null>(null)

  function onOpenChange(next: boolean) {
    if (next) setMade(null)
    setPreviewed(null)
    setOpen(next)
  }

  return (
    <Dialog
      keepAs="invite"
      open={open}
      onOpenChange={onOpenChange}
      title={
        made
          ? t("inviteDone", { count: made.length })
          : previewed === null
            ? t("invite")
            : t("previewTitle", { count: previewed })
      }
      {...(!made && { description: t(mail ? "inviteMailLead" : "inviteLead") })}
      trigger={
        <Button size="sm">
          <UserPlus aria-hidden size={18} className="max-sm:hidden" />
          {t("invite")}
        </Button>
      }
      {...(made && { footer: <DialogClose variant="primary">{t("inviteClose")}</DialogClose> })}
    >
      {made ? (
        <Made made={made} />
      ) : (
        <InviteForm {...props} onMade={setMade} onPreview={setPreviewed} />
      )}
    </Dialog>
  )
}

/** The links of new invitations, which are shown only now. */
function Made({ made }: { made: MadeInvite[] }) {
  const t = useTranslations("admin.members")
  const [first] = made
  return (
    <>
      {first?.mail && (
        <p className="mb-5">
          {t("inviteMailed", { count: made.length, email: first.email ?? "" })}
        </p>
      )}
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
          until: () => <LocalTime at={first?.expiresAt ?? ""} />,
        })}
      </p>
    </>
  )
}
