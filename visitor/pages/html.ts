import { escapeMarkup } from "./render-markup.ts"

/** Markup that is complete, and is not escaped again. Elements take it as `dangerouslySetInnerHTML`. */
export type Markup = { readonly __html: string }

type Value = Markup | string | number | false | null | undefined

/**
 * Markup with values: text is escaped, for an element or a double-quoted attribute, and missing
 * values are left out. For parts that a page has hundreds of, because it renders in half the time
 * of React elements.
 */
export function html(parts: TemplateStringsArray, ...values: Value[]): Markup {
  let markup = parts[0] ?? ""
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at]
    if (typeof value === "string") markup += escapeMarkup(value)
    else if (typeof value === "number") markup += value
    else if (value) markup += value.__html
    markup += parts[at + 1]
  }
  return { __html: markup }
}
