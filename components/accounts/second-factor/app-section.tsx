"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { AccountRow } from "#components/accounts/account-row.tsx"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { useCall } from "#components/calls/use-call.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import type { SecondFactorView } from "#lib/rooms/accounts/second-factor/second-factor.ts"
import { RecoveryCodeList } from "./recovery-code-list.tsx"
import { SetUpApp } from "./set-up-app.tsx"

type Open = "set-up" | "codes" | "remove" | null

/** The member's authenticator app, with controls to set it up, replace it and remove it. */
export function AppSection({ factor }: { factor: SecondFactorView }) {
  const t = useTranslations("accounts.secondFactor")
  const router = useRouter()
  const [open, setOpen] = useState<Open>(null)
  const { since, recoveryCodesLeft, required } = factor

  function close() {
    setOpen(null)
    router.refresh()
  }

  return (
    <>
      <AccountRow
        id="authenticator"
        title={t("title")}
        text={
          since ? (
            <>
              {t.rich("on", { since: () => <LocalTime at={since} form="date" /> })}{" "}
              {t("codesLeft", { count: recoveryCodesLeft })}
            </>
          ) : (
            t(required ? "leadRequired" : "lead")
          )
        }
        action={
          <>
            <Button variant="quiet" size="sm" onClick={() => setOpen("set-up")}>
              {t(since ? "replace" : "setUp")}
            </Button>
            {since && (
              <>
                <Button variant="quiet" size="sm" onClick={() => setOpen("codes")}>
                  {t("newCodes")}
                </Button>
                <Button
                  variant="quiet"
                  size="sm"
                  className="text-danger!"
                  onClick={() => setOpen("remove")}
                >
                  {t("remove")}
                </Button>
              </>
            )}
          </>
        }
      />
      <Dialog
        open={open === "set-up"}
        onOpenChange={(next) => !next && close()}
        title={t("setUpTitle")}
        {...(since && { description: t("replaceText") })}
        staysOnPress
      >
        <SetUpApp onDone={close} doneLabel={t("done")} />
      </Dialog>
      <NewCodesDialog open={open === "codes"} onClose={close} />
      <ChangeDialog
        open={open === "remove"}
        onClose={close}
        title={t("removeTitle")}
        description={t("removeText")}
        confirmLabel={t("removeConfirm")}
        call={() => ask("DELETE /me/second-factor", {})}
      />
    </>
  )
}

function NewCodesDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTranslations("accounts.secondFactor")
  const { run, pending, refused, reset } = useCall()
  const [codes, setCodes] = useState<string[] | null>(null)

  function close() {
    reset()
    setCodes(null)
    onClose()
  }

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t(codes ? "codes" : "newCodesTitle")}
      {...(!codes && { description: t("newCodesText") })}
      staysOnPress
      footer={
        codes ? (
          <DialogClose variant="primary">{t("done")}</DialogClose>
        ) : (
          <>
            <DialogClose />
            <Button
              pending={pending}
              onClick={() =>
                run(
                  () => ask("POST /me/second-factor/recovery-codes", {}),
                  ({ recoveryCodes }) => setCodes(recoveryCodes),
                )
              }
            >
              {t("newCodesConfirm")}
            </Button>
          </>
        )
      }
    >
      {codes && <RecoveryCodeList codes={codes} />}
      {refused && <ActionError>{refused.message}</ActionError>}
    </Dialog>
  )
}
