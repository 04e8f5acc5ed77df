import { PageMark } from "#components/branding/brand.tsx"
import { Message, type MessageProps } from "./message.tsx"

/** A page with one message: a column below the logo. Without a title the children are the message. */
export function MessagePage({ title, children, ...message }: Partial<MessageProps>) {
  return (
    <div className="mx-auto max-w-140 px-5.5 pt-5.5 pb-10 md:pt-10">
      <header className="mb-11 md:mb-18">
        <PageMark />
      </header>
      <main>
        {title === undefined ? (
          children
        ) : (
          <Message title={title} {...message}>
            {children}
          </Message>
        )}
      </main>
    </div>
  )
}
