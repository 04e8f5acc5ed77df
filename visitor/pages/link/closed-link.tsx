import type { ClosedPage } from "#lib/rooms/claims/open/link-page.ts"
import { Ask } from "#visitor/pages/ask-form.tsx"
import { useWords } from "#visitor/pages/page-context.ts"
import { StaticTime } from "#visitor/pages/static-time.tsx"
import { Sentence, VisitorMessage } from "#visitor/pages/visitor-message.tsx"

/** The page of a link without files: the reason, and a form to ask the owner. */
export function ClosedLink({ token, link }: { token: string; link: ClosedPage }) {
  const { t, rich } = useWords()
  const { state, senderName: sender, title: what, at } = link
  const why = state === "used_up" && link.viewOnly ? "viewed_up" : state
  const time = () => at && <StaticTime at={at} now={link.now} />
  return (
    <VisitorMessage
      {...(state !== "empty" && { ring: state === "revoked" ? "revoked" : "over" })}
      title={t(`visitor.${why}.title`)}
    >
      <Sentence>
        {what
          ? rich(`visitor.${why}.text`, { sender, what, time })
          : rich(`visitor.${why}.textUntitled`, { sender, time })}
      </Sentence>
      <Ask token={token} link={link} />
    </VisitorMessage>
  )
}

/** The page of an unknown or altered link. */
export function UnknownLink() {
  const { t } = useWords()
  return (
    <VisitorMessage title={t("visitor.unknown.title")}>
      <Sentence>{t("visitor.unknown.text")}</Sentence>
    </VisitorMessage>
  )
}
