"use client"

import { Ban, Copy, Eraser, Mail, Pencil, RotateCcw, Unlink } from "lucide-react"
import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useChange, useToastedChange } from "#components/calls/use-call.ts"
import { cutOffText } from "#components/cut-offs/cut-off-text.ts"
import { LIMIT_INPUT } from "#components/shares/conditions/inputs.tsx"
import { useExposureText } from "#components/shares/revocation/revoke-dialog.tsx"
import { useCopyLink } from "#components/shares/use-copy-link.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { MenuItem, MenuSeparator } from "#components/ui/overlays/menu.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { LinkView } from "#lib/rooms/shares/links/link.ts"
import { typedAs } from "#lib/rooms/shares/links/typed-recipient.ts"
import type { ShareKind } from "#lib/rooms/shares/share.ts"
import { CodeSwitch } from "./code-switch.tsx"
import { nameOfRecipient } from "./recipient-name.ts"
import { isRemindable } from "./recipient-state.ts"
import { useRemind } from "./remind-button.tsx"

/** The share or request whose recipients are listed. */
export type ListOf = { id: string; kind: ShareKind; mail: boolean; verifiedOnly: boolean }

/** The dialog that is open, and the link that it is about. */
export type Asked = { what: "edit" | "revoke" | "erase"; link: LinkView }

type ItemsProps = { of: ListOf; link: LinkView; now: string; ask: (asked: Asked) => void }

/** The actions on a recipient's link as menu items. */
export function RecipientItems({ of, link, now, ask: askFor }: ItemsProps) {
  const t = useTranslations("member.recipients")
  const words = useTranslations("member.shares")
  const cutOffWords = useTranslations("common.cutOff")
  const toast = useToast()
  const copyLink = useCopyLink()
  const { remind } = useRemind(of)
  const { run } = useToastedChange()
  const { id, kind } = of
  const at = { id, linkId: link.id }
  const revoked = link.revokedAt !== null
  const remindable = isRemindable(link, new Date(now))
  return (
    <>
      {!revoked && (
        <MenuItem
          icon={Copy}
          onClick={() => void copyLink({ url: link.url, name: nameOfRecipient(link) })}
        >
          {words("copyLink")}
        </MenuItem>
      )}
      {!revoked && of.mail && link.address !== "" && (
        <MenuItem icon={Mail} disabled={!remindable} onClick={() => remind(link)}>
          {t(!remindable ? "mailedToday" : link.mail ? "remind" : "mailIt")}
        </MenuItem>
      )}
      <MenuItem icon={Pencil} onClick={() => askFor({ what: "edit", link })}>
        {t("edit")}
      </MenuItem>
      <MenuSeparator />
      {revoked && link.exposedUntil && !link.cutOff && (
        <MenuItem
          tone="danger"
          icon={Unlink}
          onClick={() =>
            run(
              () =>
                ask(`POST /${kind}s/{id}/links/{linkId}/revoke`, { ...at, body: { cutOff: true } }),
              ({ cutOff }) => {
                if (cutOff) toast({ title: cutOffText(cutOff, cutOffWords) })
              },
            )
          }
        >
          {words("menu.cutOff")}
        </MenuItem>
      )}
      {revoked ? (
        <MenuItem
          icon={RotateCcw}
          onClick={() =>
            run(
              () => ask(`POST /${kind}s/{id}/links/{linkId}/restore`, at),
              () => toast({ title: t("restored"), tone: "ok" }),
            )
          }
        >
          {words("menu.restore")}
        </MenuItem>
      ) : (
        <MenuItem tone="danger" icon={Ban} onClick={() => askFor({ what: "revoke", link })}>
          {words("menu.revoke")}
        </MenuItem>
      )}
      <MenuItem tone="danger" icon={Eraser} onClick={() => askFor({ what: "erase", link })}>
        {t("erase")}
      </MenuItem>
    </>
  )
}

type DialogsProps = { of: ListOf; asked: Asked; open: boolean; onClose: () => void }

/** The dialogs about one recipient, at most one of them open. */
export function RecipientDialogs({ of, asked: { what, link }, open, onClose }: DialogsProps) {
  const t = useTranslations("member.recipients")
  const words = useTranslations("member.dialog")
  const cutOffWords = useTranslations("common.cutOff")
  const toast = useToast()
  const exposureText = useExposureText()
  const { id, kind } = of
  const at = { id, linkId: link.id }
  const name = nameOfRecipient(link)
  const revoke = (cutOff: boolean) =>
    ask(`POST /${kind}s/{id}/links/{linkId}/revoke`, { ...at, body: { cutOff } })
  return (
    <>
      <EditDialog
        key={`${link.id} ${name} ${link.address}`}
        of={of}
        link={link}
        open={open && what === "edit"}
        onClose={onClose}
      />
      <ChangeDialog
        open={open && what === "revoke"}
        onClose={onClose}
        title={t("revokeTitle", { name })}
        description={t("revokeText")}
        confirmLabel={words("revokeAndCutOff")}
        call={() => revoke(true)}
        other={{ label: words("revoke"), call: () => revoke(false) }}
        onDone={(revoked) =>
          toast({
            title: t("revoked", { name }),
            description: revoked.cutOff
              ? cutOffText(revoked.cutOff, cutOffWords)
              : exposureText(revoked),
          })
        }
      />
      <ChangeDialog
        open={open && what === "erase"}
        onClose={onClose}
        title={t("eraseTitle", { name })}
        description={t("eraseText")}
        confirmLabel={t("eraseConfirm")}
        call={() => ask(`DELETE /${kind}s/{id}/links/{linkId}`, at)}
        onDone={() => toast({ title: t("erasedDone"), tone: "ok" })}
      />
    </>
  )
}

type EditDialogProps = { of: ListOf; link: LinkView; open: boolean; onClose: () => void }

function EditDialog({ of, link, open, onClose }: EditDialogProps) {
  const t = useTranslations("member.recipients")
  const form = useId()
  const { run, pending, refused, reset } = useChange()
  const { id, kind } = of

  function close() {
    reset()
    onClose()
  }
  const save = (fields: FormData) => {
    const recipient = typedAs({
      name: formText(fields, "name") ?? "",
      address: formText(fields, "address") ?? "",
    })
    const limit = formText(fields, "maxDownloads")
    run(
      () =>
        ask(`PATCH /${kind}s/{id}/links/{linkId}`, {
          id,
          linkId: link.id,
          body: {
            ...(recipient !== typedAs(link) && { recipient }),
            verify: fields.has("verify"),
            maxDownloads: limit === undefined ? null : Number(limit),
          },
        }),
      close,
    )
  }

  return (
    <Dialog
      keepAs={`recipient ${link.id}`}
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t("editTitle", { name: nameOfRecipient(link) })}
      footer={
        <>
          <DialogClose />
          <Button type="submit" form={form} pending={pending}>
            {t("save")}
          </Button>
        </>
      }
    >
      <form method="post" id={form} onSubmit={onSubmit(save)}>
        <EditFields of={of} link={link} refused={refused} />
      </form>
    </Dialog>
  )
}

type EditFieldsProps = {
  of: ListOf
  link: LinkView
  refused: { message: string; field?: string | undefined } | null
}

function EditFields({ of, link, refused }: EditFieldsProps) {
  const t = useTranslations("member.recipients")
  const name = useTypedText("name", link.name)
  const address = useTypedText("address", link.address)
  const limit = useTypedText("maxDownloads", link.maxDownloads?.toString() ?? "")
  const [isElsewhere, setElsewhere] = useState(false)
  const errorOf = (field: string) => (refused?.field === field ? refused.message : undefined)
  const isPlaced = ["recipient", "maxDownloads"].includes(refused?.field ?? "")
  return (
    <div className="flex flex-col gap-5">
      {refused && !isPlaced && <ActionError>{refused.message}</ActionError>}
      <Field label={t("name")} {...name} maxLength={80} autoComplete="off" />
      <Field
        label={t("address")}
        {...address}
        type="email"
        maxLength={254}
        autoComplete="off"
        onChange={(event) => {
          address.onChange(event)
          setElsewhere(event.currentTarget.value !== link.address)
        }}
        hint={isElsewhere && t(of.mail ? "newAddress" : "newAddressByHand")}
        error={errorOf("recipient")}
      />
      {(of.mail || link.verify) && (
        <CodeSwitch on={link.verify} required={link.verify && of.verifiedOnly} />
      )}
      {of.kind === "share" && (
        <Field
          label={t("limit")}
          aside={t("optional")}
          hint={t("limitHint")}
          error={errorOf("maxDownloads")}
          {...limit}
          {...LIMIT_INPUT}
        />
      )}
    </div>
  )
}
