"use client"

import { onSubmit } from "#components/calls/on-submit.ts"
import { rareConditionsOf } from "#components/shares/conditions/conditions-of-form.ts"
import { MessageField } from "#components/shares/conditions/inputs.tsx"
import { LinkLifetimeField } from "#components/shares/conditions/link-lifetime.tsx"
import { AllowedOption } from "#components/shares/conditions/option.tsx"
import { ReadingOptions } from "#components/shares/conditions/reading-options.tsx"
import { StartField } from "#components/shares/conditions/share-time-fields.tsx"
import type { EditorProps } from "./editor-props.ts"

/** The less common conditions of a share: message, start, direct link, previews, URL lifetime. */
export function MoreEditor(props: EditorProps) {
  const { share, settings, now, id, save, pending, refusal } = props
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
      <MessageField message={share.message} error={errorOf("message")} />
      <StartField share={share} now={now} error={errorOf("startsAt")} />
      <div className="flex flex-col divide-y divide-line border-y border-line">
        <AllowedOption name="direct" on={share.direct} allowed={settings.directLinks} />
        <ReadingOptions share={share} allowed={settings.previews} />
        <AllowedOption name="notices" on={share.notices} allowed={settings.mail} />
      </div>
      <LinkLifetimeField seconds={share.mintTtlSeconds} error={errorOf("mintTtlSeconds")} />
    </form>
  )
}
