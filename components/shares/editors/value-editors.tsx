"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import {
  type Conditions,
  rareConditionsOf,
} from "#components/shares/conditions/conditions-of-form.ts"
import { LIMIT_INPUT, MessageField } from "#components/shares/conditions/inputs.tsx"
import { LinkLifetimeField } from "#components/shares/conditions/link-lifetime.tsx"
import { AllowedOption } from "#components/shares/conditions/option.tsx"
import { ReadingOptions } from "#components/shares/conditions/reading-options.tsx"
import { SharePasswordField } from "#components/shares/conditions/share-password-field.tsx"
import { StartField } from "#components/shares/conditions/share-time-fields.tsx"
import { Button } from "#components/ui/button.tsx"
import { useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { Field } from "#components/ui/forms/field.tsx"
import type { EditorProps } from "./editor-props.ts"

/** Sets or removes the download limit. */
export function LimitEditor({ share, refusal, ...form }: EditorProps) {
  const t = useTranslations("member.conditions")
  const words = useTranslations("member.chips")
  const typed = useTypedText("maxDownloads", String(share.maxDownloads ?? ""))
  return (
    <EditorForm
      {...form}
      read={(fields) => ({ maxDownloads: Number(formText(fields, "maxDownloads")) })}
      none={{ maxDownloads: null }}
      removeLabel={share.maxDownloads !== null && words("takeOffLimit")}
    >
      <Field
        label={t(share.viewOnly ? "maxViewers" : "maxDownloads")}
        hint={share.downloads > 0 ? t("counted", { count: share.downloads }) : t("limitHint")}
        error={refusal?.field === "maxDownloads" && refusal.message}
        {...typed}
        {...LIMIT_INPUT}
        required
      />
    </EditorForm>
  )
}

/** Sets, changes or removes the password of a share. An unsaved password is never kept. */
export function PasswordEditor({ share, refusal, ...form }: EditorProps) {
  const t = useTranslations("member.conditions")
  const words = useTranslations("member.chips")
  return (
    <EditorForm
      {...form}
      read={(fields) => ({ password: formText(fields, "password") ?? "" })}
      none={{ password: null }}
      removeLabel={share.hasPassword && words("takeOffPassword")}
    >
      <SharePasswordField
        label={t(share.hasPassword ? "newPassword" : "password")}
        hint={t("passwordHint")}
        error={refusal?.field === "password" && refusal.message}
        required
      />
    </EditorForm>
  )
}

/** The less common conditions of a share: message, start, direct link, previews, URL lifetime. */
export function MoreEditor({ share, settings, now, refusal, ...form }: EditorProps) {
  const errorOf = (field: string) => refusal?.field === field && refusal.message
  return (
    <EditorForm {...form} read={rareConditionsOf}>
      <MessageField message={share.message} error={errorOf("message")} />
      <StartField share={share} now={now} error={errorOf("startsAt")} />
      <div className="flex flex-col divide-y divide-line border-y border-line">
        <AllowedOption name="direct" on={share.direct} allowed={settings.directLinks} />
        <ReadingOptions share={share} allowed={settings.previews} />
        <AllowedOption name="notices" on={share.notices} allowed={settings.mail} />
      </div>
      <LinkLifetimeField seconds={share.mintTtlSeconds} error={errorOf("mintTtlSeconds")} />
    </EditorForm>
  )
}

type EditorFormProps = Pick<EditorProps, "id" | "save" | "pending"> & {
  read: (fields: FormData) => Conditions
  /** The conditions to save when the button that removes this one is pressed. */
  none?: Conditions
  removeLabel?: string | false
  children: ReactNode
}

function EditorForm({
  id,
  save,
  pending,
  read,
  none = {},
  removeLabel,
  children,
}: EditorFormProps) {
  return (
    <form
      method="post"
      id={id}
      className="flex flex-col gap-5"
      onSubmit={onSubmit((fields) => {
        if (!pending) void save(read(fields))
      })}
    >
      {children}
      {removeLabel && (
        <Button variant="quiet" size="sm" className="self-start" onClick={() => void save(none)}>
          {removeLabel}
        </Button>
      )}
    </form>
  )
}
