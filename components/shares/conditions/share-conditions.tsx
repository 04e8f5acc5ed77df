"use client"

import { useTranslations } from "next-intl"
import { onSubmit } from "#components/calls/on-submit.ts"
import type { Refused } from "#components/calls/use-call.ts"
import { useTypedFlag, useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { LIMIT_INPUT, MessageField } from "./inputs.tsx"
import { LinkLifetimeField } from "./link-lifetime.tsx"
import { AllowedOption, Option } from "./option.tsx"
import { ReadingOptions } from "./reading-options.tsx"
import { SharePasswordField } from "./share-password-field.tsx"
import { ExpiryField, StartField } from "./share-time-fields.tsx"

type ShareConditionsProps = {
  share: ShareView
  id: string
  settings: PageSettings
  /** Returns the server's time. */
  now: () => Date
  refused: Refused | null
  onSave: (form: FormData) => void
}

/** The form of a share's conditions. An unsaved password is never kept. */
export function ShareConditions({
  share,
  id,
  settings,
  now,
  refused,
  onSave,
}: ShareConditionsProps) {
  const t = useTranslations("member.conditions")
  const title = useTypedText("title", share.title)
  const [locked, setLocked] = useTypedFlag("locked", share.hasPassword)
  const [limited, setLimited] = useTypedFlag("limited", share.maxDownloads !== null)
  const maxDownloads = useTypedText("maxDownloads", String(share.maxDownloads ?? 10))
  const errorOf = (...fields: string[]) =>
    refused?.field && fields.includes(refused.field) ? refused.message : undefined

  return (
    <form method="post" id={id} className="flex flex-col gap-5" onSubmit={onSubmit(onSave)}>
      <Field
        label={t("title")}
        {...title}
        maxLength={200}
        placeholder={share.files[0]?.name}
        error={errorOf("title")}
      />
      <MessageField message={share.message} error={errorOf("message")} />
      <div className="grid gap-5 sm:grid-cols-2">
        <ExpiryField
          share={share}
          maxShareDays={settings.maxShareDays}
          now={now}
          error={errorOf("expiresAt")}
        />
        <StartField share={share} now={now} error={errorOf("startsAt")} />
      </div>
      <div className="flex flex-col divide-y divide-line border-y border-line">
        <Option
          label={t("password")}
          hint={t("passwordHint")}
          name="locked"
          checked={locked}
          onChange={(event) => setLocked(event.currentTarget.checked)}
        >
          {locked && (
            <SharePasswordField
              label={t(share.hasPassword ? "newPassword" : "password")}
              required={!share.hasPassword}
              hint={share.hasPassword ? t("passwordKeep") : undefined}
              error={errorOf("password")}
            />
          )}
        </Option>
        <Option
          label={t(share.viewOnly ? "viewerLimit" : "limit")}
          hint={t("limitHint")}
          name="limited"
          checked={limited}
          onChange={(event) => setLimited(event.currentTarget.checked)}
        >
          {limited && (
            <Field
              label={t(share.viewOnly ? "maxViewers" : "maxDownloads")}
              {...maxDownloads}
              {...LIMIT_INPUT}
              required
              hint={share.downloads > 0 ? t("counted", { count: share.downloads }) : undefined}
              error={errorOf("maxDownloads")}
            />
          )}
        </Option>
        <AllowedOption name="direct" on={share.direct} allowed={settings.directLinks} />
        <ReadingOptions share={share} allowed={settings.previews} />
        <AllowedOption name="notices" on={share.notices} allowed={settings.mail} />
      </div>
      <LinkLifetimeField seconds={share.mintTtlSeconds} error={errorOf("mintTtlSeconds")} />
      {refused && !FIELDS.includes(refused.field ?? "") && (
        <ActionError>{refused.message}</ActionError>
      )}
    </form>
  )
}

const FIELDS = [
  "title",
  "message",
  "expiresAt",
  "startsAt",
  "password",
  "maxDownloads",
  "mintTtlSeconds",
]
