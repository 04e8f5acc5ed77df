import type { Metadata } from "next"
import type { MessageKeys, Messages, NestedKeyOf } from "next-intl"
import { getLocale, getTranslations } from "next-intl/server"
import type { ReactNode } from "react"
import { Message } from "#components/pages/message.tsx"
import { TryAgain } from "#components/pages/try-again.tsx"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { logOutage } from "#lib/adapters/outages/outage-log.ts"
import { sayRefusal, splitSentences } from "#lib/adapters/text/sentences.ts"
import { sayStatus } from "#lib/web/document-status.ts"
import { orNotFound } from "#lib/web/or-not-found.ts"

type Frame = (props: { children: ReactNode }) => ReactNode

/**
 * Wraps a page, a layout or a part of a page that reads from a room: during an outage of the
 * database or the storage it shows a message, and the document's status is 503. An error that
 * reached Next would become Next's error page, a 500 that is blank without JavaScript. `frame`
 * surrounds the message where there is no layout.
 */
export function orOutage<Props>(
  render: (props: Props) => Promise<ReactNode>,
  frame: Frame = ({ children }) => children,
) {
  return async (props: Props): Promise<ReactNode> => {
    try {
      return await render(props)
    } catch (error) {
      const { title, text } = await outageText(error)
      const children = (
        <Message title={title} action={<TryAgain />}>
          {text}
        </Message>
      )
      return frame({ children })
    }
  }
}

/**
 * Wraps a generateMetadata that reads from a room: during an outage the title names the outage, and
 * it is "not found" if the room refuses an id as unknown or invalid.
 */
export function metadataOrOutage<Props>(read: (props: Props) => Promise<Metadata>) {
  return async (props: Props): Promise<Metadata> => {
    try {
      return (await orNotFound(read(props))) ?? (await titled("common.notFound.title")())
    } catch (error) {
      return { title: (await outageText(error)).title }
    }
  }
}

export type MessageKey = MessageKeys<Messages, NestedKeyOf<Messages>>

/** Makes the generateMetadata of a page whose title is a message. */
export const titled = (key: MessageKey) => async (): Promise<Metadata> => {
  const t = await getTranslations()
  return { title: t(key) }
}

/** Logs an outage, sets the document's status and returns the message. Throws other errors. */
async function outageText(error: unknown) {
  const outage = outageOf(error)
  if (!outage) throw error
  logOutage(error, outage.message)
  sayStatus(outage.status, outage.retryAfterSeconds)
  const { title, rest } = splitSentences(sayRefusal(outage, await getLocale()))
  return { title, text: rest.join(" ") }
}
