import { getTranslations } from "next-intl/server"
import type { ReactNode } from "react"
import { orOutage } from "#app/or-outage.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { readFirstSteps } from "#lib/rooms/admin/first-steps.ts"

type FirstStepsProps = { adminId: AdminId; allWell: boolean }

/** The steps that end the setup, shown until there is a link and a second member. */
export const FirstSteps = orOutage(async function FirstSteps(props: FirstStepsProps) {
  const { adminId, allWell } = props
  const { hasShares, members } = await readFirstSteps(adminId)
  if (hasShares && members > 1) return null
  const t = await getTranslations("checks.steps")
  return (
    <section className="mt-6 max-w-180 rounded-[10px] bg-selected/60 px-5 py-5 sm:px-6">
      <h2 className="mb-4 text-lg">{t("title")}</h2>
      <ol className="flex flex-col gap-5">
        <Step number={1} title={t("checks")} done={allWell}>
          <p className="text-sm">{t(allWell ? "checksDone" : "checksTodo")}</p>
        </Step>
        <Step number={2} title={t("link")} done={hasShares}>
          <p className="text-sm">{t(hasShares ? "linkDone" : "linkTodo")}</p>
          {!hasShares && (
            <LinkButton href="/shares" variant="quiet" size="sm" className="mt-2.5">
              {t("linkDo")}
            </LinkButton>
          )}
        </Step>
        <Step number={3} title={t("member")} done={members > 1}>
          <p className="text-sm">
            {members > 1 ? t("memberDone", { count: members }) : t("memberTodo")}
          </p>
          {members === 1 && (
            <LinkButton href="/admin/members" variant="quiet" size="sm" className="mt-2.5">
              {t("memberDo")}
            </LinkButton>
          )}
        </Step>
      </ol>
    </section>
  )
})

type StepProps = { number: number; title: string; done: boolean; children: ReactNode }

async function Step({ number, title, done, children }: StepProps) {
  const t = await getTranslations("checks.steps")
  return (
    <li className="flex gap-4">
      <span
        aria-hidden
        className="mt-0.5 grid size-6 shrink-0 place-items-center rounded-full bg-raised text-sm font-semibold"
      >
        {number}
      </span>
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-2.5 font-semibold">
          {title}
          {done && <Badge tone="ok">{t("done")}</Badge>}
        </h3>
        {children}
      </div>
    </li>
  )
}
