"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { onSubmit } from "#components/calls/on-submit.ts"
import { useCall } from "#components/calls/use-call.ts"
import { RelativeTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import type { AnswerOf } from "#lib/api/ask-by.ts"

type Device = AnswerOf<"GET /device">
type Decision = "approve" | "deny"

/** Asks for the code of a device, says what the device may do, and lets the member decide. */
export function DeviceForm({ now }: { now: string }) {
  const t = useTranslations("accounts.device")
  const scopes = useTranslations("accounts.tokens.scopes")
  const [code, setCode] = useState("")
  const [device, setDevice] = useState<Device | null>(null)
  const [decided, setDecided] = useState<Decision | null>(null)
  const { run, pending, refused, errorOf } = useCall()

  const find = () => run(() => ask("GET /device", { query: { userCode: code } }), setDevice)
  const decide = (decision: Decision) =>
    run(
      () => ask(`POST /device/${decision}`, { body: { userCode: code } }),
      () => setDecided(decision),
    )

  if (decided)
    return (
      <Notice {...(decided === "approve" && { tone: "success" as const })}>
        {t(decided === "approve" ? "approved" : "denied")}
      </Notice>
    )
  const problem = refused && <Notice tone="danger">{refused.message}</Notice>
  if (device)
    return (
      <section aria-labelledby="device" className="flex flex-col gap-4">
        <h2 id="device" className="text-heading wrap-anywhere">
          {t("asks", { name: device.name })}
        </h2>
        <p className="text-soft">
          {t.rich("from", {
            address: device.from,
            at: () => <RelativeTime at={device.askedAt} now={now} />,
          })}
        </p>
        {device.team !== null && <p>{t("forTeam", { team: device.team })}</p>}
        <p>{t("can")}</p>
        <ul className="list-disc ps-5">
          {device.scopes.map((scope) => (
            <li key={scope}>{scopes(scope)}</li>
          ))}
        </ul>
        {problem}
        <div className="flex flex-wrap gap-3">
          <Button onClick={() => decide("approve")} pending={pending}>
            {t("approve")}
          </Button>
          <Button variant="quiet" onClick={() => decide("deny")} disabled={pending}>
            {t("deny")}
          </Button>
        </div>
      </section>
    )
  return (
    <form onSubmit={onSubmit(find)} className="flex flex-col gap-4">
      <Field
        label={t("code")}
        name="userCode"
        value={code}
        onChange={(event) => setCode(event.target.value)}
        error={errorOf("userCode")}
        required
        autoFocus
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={40}
        placeholder="BCDF-GHJK"
        className="sm:max-w-64 [&_input]:font-mono [&_input]:tracking-widest [&_input]:uppercase"
      />
      {!errorOf("userCode") && problem}
      <div>
        <Button type="submit" pending={pending} className="max-sm:w-full">
          {t("find")}
        </Button>
      </div>
    </form>
  )
}
