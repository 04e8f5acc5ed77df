"use client"

import { useTranslations } from "next-intl"
import { Field, Textarea } from "../ui/field.tsx"
import { useTypedText } from "../ui/typed-fields.ts"
import { DirectOption } from "./direct-option.tsx"
import type { EditorProps } from "./editor-props.ts"
import { LinkLifetimeField } from "./link-lifetime.tsx"
import { ReadingOptions } from "./reading-options.tsx"
import type { Conditions } from "./share-calls.ts"
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
      onSubmit={(event) => {
        event.preventDefault()
        if (!pending) void save(conditionsIn(new FormData(event.currentTarget)))
      }}
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

function conditionsIn(form: FormData): Conditions {
  const text = (name: string) => String(form.get(name) ?? "")
  const lifetime = text("mintTtlSeconds")
  const starts = text("starts")
  return {
    message: text("message"),
    direct: form.has("direct"),
    preview: form.has("viewOnly") || form.has("preview"),
    viewOnly: form.has("viewOnly"),
    watermark: form.has("watermark"),
    ...(starts === "now" && { startsAt: null }),
    ...(starts === "at" && { startsAt: text("startsAt") }),
    ...(lifetime && lifetime !== "keep" && { mintTtlSeconds: Number(lifetime) }),
  }
}
