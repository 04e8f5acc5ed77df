"use client"

import { useTranslations } from "next-intl"
import { onSubmit } from "#components/calls/on-submit.ts"
import { rareConditionsOf } from "#components/shares/conditions/conditions-of-form.ts"
import { DirectOption } from "#components/shares/conditions/direct-option.tsx"
import { LinkLifetimeField } from "#components/shares/conditions/link-lifetime.tsx"
import { NoticesOption } from "#components/shares/conditions/notices-option.tsx"
import { ReadingOptions } from "#components/shares/conditions/reading-options.tsx"
import { StartField } from "#components/shares/conditions/share-time-fields.tsx"
import { useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { Field, Textarea } from "#components/ui/forms/field.tsx"
import type { EditorProps } from "./editor-props.ts"

/** The less common conditions of a share: message, start, direct link, previews, URL lifetime. */
export function MoreEditor(props: EditorProps) {
  const { share, settings, now, id, save, pending, refusal } = props
  const t = useTranslations("member.conditions")
  const message = useTypedText("message", share.message)
  const errorOf = (field: string) => refusal?.field === field && refusal.message
  return (
    <form
      method="post"
      id={id}
      className="flex flex-col gap-5"
      onSubmit={onSubmit((form) => {
        if (!pending) void save(rareConditionsOf(form))
      })}
    >
      <Field label={t("message")} aside={t("optional")} error={errorOf("message")}>
        {(control) => (
          <Textarea {...control} {...message} maxLength={4_000} placeholder={t("messageExample")} />
        )}
      </Field>
      <StartField share={share} now={now} error={errorOf("startsAt")} />
      <div className="flex flex-col border-y border-line">
        <DirectOption direct={share.direct} allowed={settings.directLinks} />
        <ReadingOptions share={share} allowed={settings.previews} />
        <NoticesOption notices={share.notices} mail={settings.mail} />
      </div>
      <LinkLifetimeField seconds={share.mintTtlSeconds} error={errorOf("mintTtlSeconds")} />
    </form>
  )
}
