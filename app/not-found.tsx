import { titled } from "#app/or-outage.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { NotFoundMessage } from "#components/pages/not-found-message.tsx"

export const generateMetadata = titled("common.notFound.title")

export default function NotFound() {
  return (
    <MessagePage>
      <NotFoundMessage home="/" />
    </MessagePage>
  )
}
