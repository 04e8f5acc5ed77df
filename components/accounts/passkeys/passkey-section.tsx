"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { AccountRow } from "#components/accounts/account-row.tsx"
import { Button } from "#components/ui/button.tsx"
import { Dialog } from "#components/ui/dialogs/dialog.tsx"
import type { PasskeyView } from "#lib/rooms/accounts/passkeys/passkey.ts"
import type { NoPasskeys } from "#lib/rooms/accounts/passkeys/passkey-host.ts"
import { AddPasskey } from "./add-passkey.tsx"
import { PasskeyList } from "./passkey-list.tsx"

type PasskeySectionProps = {
  passkeys: PasskeyView[]
  /** The host that passkeys work for, or why they do not work here. */
  place: { host: string } | { why: NoPasskeys }
  suggestedName: string
  now: string
}

/** The member's passkeys, with controls to add, rename and remove them. */
export function PasskeySection({ passkeys, place, suggestedName, now }: PasskeySectionProps) {
  const t = useTranslations("accounts.passkeys")
  const [adds, setAdds] = useState(false)
  return (
    <AccountRow
      id="passkeys"
      title={t("title")}
      text={"why" in place ? t(`why.${place.why}`) : t("lead")}
      action={
        "host" in place && (
          <Dialog
            open={adds}
            onOpenChange={setAdds}
            title={t("addTitle")}
            description={t("addText")}
            staysOnPress
            trigger={
              <Button variant="quiet" size="sm">
                {t("add")}
              </Button>
            }
          >
            <AddPasskey
              host={place.host}
              suggestedName={suggestedName}
              onAdded={() => setAdds(false)}
            />
          </Dialog>
        )
      }
    >
      {passkeys.length > 0 && <PasskeyList passkeys={passkeys} now={now} />}
    </AccountRow>
  )
}
