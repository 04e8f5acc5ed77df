"use client"

import { useTranslations } from "next-intl"
import {
  type ReactNode,
  type Ref,
  useContext,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react"
import { conditionsOf } from "#components/shares/conditions/conditions-of-form.ts"
import { LIMIT_INPUT, MessageField } from "#components/shares/conditions/inputs.tsx"
import { LinkLifetimeField } from "#components/shares/conditions/link-lifetime.tsx"
import { AllowedOption } from "#components/shares/conditions/option.tsx"
import { ReadingOptions } from "#components/shares/conditions/reading-options.tsx"
import { ExpiryField, StartField } from "#components/shares/conditions/share-time-fields.tsx"
import { untilText } from "#components/shares/expiry/until-text.ts"
import { useStore } from "#components/store.ts"
import { useReader } from "#components/time/local-time.tsx"
import {
  type Typing,
  TypingContext,
  useTypedBox,
  useTypedFlag,
  useTypedText,
} from "#components/ui/dialogs/typed-fields.ts"
import { Disclosure } from "#components/ui/disclosure.tsx"
import { Switch } from "#components/ui/forms/checkbox.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { LinkPassword } from "./link-password.tsx"
import { saverOf } from "./saver.ts"
import { LABEL_BESIDE, SaverContext, SettingRow, useProblem } from "./setting-row.tsx"
import { useQuestion } from "./use-question.tsx"

/** Saves what is typed. Resolves with whether the settings may be closed. */
export type Settling = { settle: () => Promise<boolean> }

type LinkSettingsProps = {
  share: ShareView
  settings: PageSettings
  /** Returns the server's time. */
  now: () => Date
  onSaved: (share: ShareView) => void
  /** The id of the form. */
  id?: string
  /** Whether the title is one of the fields, which it is not where the page has it. */
  titled?: boolean
  /** Whether the rarely changed settings are shown at first. */
  open?: boolean
  ref?: Ref<Settling>
}

/** The settings of a link, which save themselves (saver.ts). A password is set by its button. */
export function LinkSettings(props: LinkSettingsProps) {
  const { share: given, settings, now, onSaved, id, titled = true, open = false, ref } = props
  const t = useTranslations("member.link")
  const noAnswer = useTranslations("common")("noAnswer")
  const toast = useToast()
  const form = useRef<HTMLFormElement>(null)
  const { dialog, confirm } = useQuestion()
  const [isPasswordWaiting, setPasswordWaiting] = useState(false)
  const [saver] = useState(() => saverOf(given))
  const { share, typed } = useStore(saver.store, saver.store.current())
  const outer = useContext(TypingContext)
  const typing = useMemo<Typing>(
    () => ({
      savesItself: true,
      read: (field) => typed[field],
      keep(field, value) {
        saver.keep(field, value)
        outer.keep(field, value)
      },
      onRestored() {},
      forget() {},
    }),
    [saver, typed, outer],
  )

  useLayoutEffect(() => {
    if (!form.current) return
    const wanted = conditionsOf(new FormData(form.current))
    const onLost = ({ message }: Error) =>
      toast({ title: t("lost"), description: message || noAnswer, tone: "danger" })
    saver.update({ share: given, wanted, now, confirm, onSaved, onLost })
  })
  useEffect(() => {
    saver.open()
    window.addEventListener("pagehide", saver.sendLast)
    return () => {
      window.removeEventListener("pagehide", saver.sendLast)
      void saver.close()
    }
  }, [saver])
  useImperativeHandle(ref, () => ({
    async settle() {
      const isSettled = await saver.settle()
      const password = form.current?.querySelector<HTMLInputElement>("[name=password]")
      if (!password?.value || isPasswordWaiting) return isSettled
      setPasswordWaiting(true)
      password.focus()
      return false
    },
  }))

  return (
    <SaverContext value={saver}>
      <TypingContext value={typing}>
        <form
          ref={form}
          id={id}
          method="post"
          noValidate
          data-saves-itself
          className="border-b border-line"
          onSubmit={(event) => event.preventDefault()}
        >
          {titled && <TitleSetting share={share} />}
          <MessageSetting share={share} />
          <TimesSetting share={share} now={now} maxShareDays={settings.maxShareDays} />
          <LinkPassword
            share={share}
            waits={isPasswordWaiting}
            confirm={confirm}
            inTurn={saver.inTurn}
            onSaved={saver.show}
          />
          <LimitSetting share={share} />
          <div className="border-t border-line">
            <Disclosure summary={t("more")} open={open}>
              <SettingRow setting="direct">
                <AllowedOption name="direct" on={share.direct} allowed={settings.directLinks} />
              </SettingRow>
              <SettingRow setting="reading">
                <ReadingOptions share={share} allowed={settings.previews} />
              </SettingRow>
              <NoticesSetting share={share} allowed={settings.mail} />
              <LifetimeSetting share={share} />
            </Disclosure>
          </div>
        </form>
      </TypingContext>
      {dialog}
    </SaverContext>
  )
}

type SettingProps = { share: ShareView }

/** No notices, those of the first download, or of every one. */
function NoticesSetting({ share, allowed }: SettingProps & { allowed: boolean }) {
  const t = useTranslations("member.conditions")
  const [isOn] = useTypedFlag("notices", share.notices)
  const every = useTypedBox("everyDownload", share.everyDownload)
  return (
    <SettingRow setting="notices">
      <AllowedOption name="notices" on={share.notices} allowed={allowed}>
        {isOn && allowed && (
          <Switch label={t("everyDownload")} hint={t("everyDownloadHint")} {...every} />
        )}
      </AllowedOption>
      {!allowed && share.everyDownload && <input type="hidden" name="everyDownload" value="on" />}
    </SettingRow>
  )
}

function TitleSetting({ share }: SettingProps) {
  const t = useTranslations("member.conditions")
  return (
    <SettingRow setting="title">
      <Field
        label={t("title")}
        {...useTypedText("title", share.title)}
        maxLength={200}
        placeholder={share.files[0]?.name}
        error={useProblem("title")}
        className={LABEL_BESIDE}
      />
    </SettingRow>
  )
}

const MessageSetting = ({ share }: SettingProps) => (
  <SettingRow setting="message">
    <MessageField message={share.message} error={useProblem("message")} className={LABEL_BESIDE} />
  </SettingRow>
)

type TimesProps = SettingProps & { now: () => Date; maxShareDays: number | null }

function TimesSetting({ share, now, maxShareDays }: TimesProps): ReactNode {
  const reader = useReader()
  const saver = useContext(SaverContext)
  return (
    <SettingRow setting="times">
      <div
        className="flex flex-col gap-5"
        // The ring was dragged.
        onPointerUp={({ target }) => {
          const isRing = target instanceof Element && target.closest("[role=slider]")
          if (isRing) void saver?.leave("times")
        }}
      >
        <ExpiryField
          share={share}
          maxShareDays={maxShareDays}
          keepText={share.expiresAt && untilText(new Date(share.expiresAt), now(), reader)}
          now={now}
          error={useProblem("times", "expiresAt")}
          className={LABEL_BESIDE}
        />
        <StartField
          share={share}
          now={now}
          error={useProblem("times", "startsAt")}
          className={LABEL_BESIDE}
        />
      </div>
    </SettingRow>
  )
}

function LimitSetting({ share }: SettingProps) {
  const t = useTranslations("member.conditions")
  const words = useTranslations("member.link")
  return (
    <SettingRow setting="limit">
      <Field
        label={t(share.viewOnly ? "viewerLimit" : "limit")}
        hint={share.downloads > 0 ? t("counted", { count: share.downloads }) : t("limitHint")}
        {...useTypedText("maxDownloads", String(share.maxDownloads ?? ""))}
        {...LIMIT_INPUT}
        placeholder={words("noLimit")}
        error={useProblem("limit")}
        className={LABEL_BESIDE}
      />
    </SettingRow>
  )
}

const LifetimeSetting = ({ share }: SettingProps) => (
  <SettingRow setting="lifetime">
    <LinkLifetimeField
      seconds={share.mintTtlSeconds}
      error={useProblem("lifetime")}
      className={LABEL_BESIDE}
    />
  </SettingRow>
)
