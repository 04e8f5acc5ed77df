"use client"

import { useTranslations } from "next-intl"
import { onSubmit } from "../on-submit.ts"
import { Field, Textarea } from "../ui/field.tsx"
import { useTypedText } from "../ui/typed-fields.ts"
import { rareConditionsOf } from "./conditions-of-form.ts"
import { DirectOption } from "./direct-option.tsx"
import type { EditorProps } from "./editor-props.ts"
import { LinkLifetimeField } from "./link-lifetime.tsx"
import { ReadingOptions } from "./reading-options.tsx"
import { StartField } from "./share-time-fields.tsx"

/** The conditions of a share that few need: message, start, direct link, previews, addresses. */
export function MoreEditor(props: EditorProps) {
  const { share, settings, now, id, save, pending, refusal } = props
  const { policies } = settings
  const t = useTranslations("member.conditions")
  const message = useTypedText("message", share.message)
  const errorOf = (field: string) => refusal?.field === field && refusal.message
  return (
    <form
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
        <DirectOption direct={share.direct} allowed={policies.directLinks} />
        <ReadingOptions share={share} allowed={policies.previews} />
      </div>
      <LinkLifetimeField seconds={share.mintTtlSeconds} error={errorOf("mintTtlSeconds")} />
    </form>
  )
}
