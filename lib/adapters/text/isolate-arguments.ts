const COMPLEX = /^\{(\w+), *(plural|select|selectordinal),/

/**
 * Isolates the values of an ICU message that is written from right to left: "{name}" becomes
 * "⁨{name}⁩". A name then keeps its direction and does not affect the text around it. The message
 * must not quote a brace.
 */
export const isolateArguments = (message: string): string => isolateUntil(message, 0).text

/** Reads a message, or the text of a case, to its end. */
function isolateUntil(message: string, start: number): { text: string; end: number } {
  let text = ""
  let at = start
  while (at < message.length && message[at] !== "}") {
    if (message[at] !== "{") {
      text += message[at]
      at += 1
      continue
    }
    const read = isolateArgument(message, at)
    text += read.text
    at = read.end
  }
  return { text, end: at }
}

function isolateArgument(message: string, start: number): { text: string; end: number } {
  const [opening] = COMPLEX.exec(message.slice(start)) ?? []
  if (opening === undefined) {
    const end = message.indexOf("}", start) + 1
    return { text: `\u2068${message.slice(start, end)}\u2069`, end }
  }
  let text = opening
  let at = start + opening.length
  while (message[at] !== "}") {
    const brace = message.indexOf("{", at)
    const inner = isolateUntil(message, brace + 1)
    text += `${message.slice(at, brace + 1)}${inner.text}}`
    at = inner.end + 1
    while (message[at] === " ") at += 1
    if (message[at] !== "}") text += " "
  }
  return { text: `${text}}`, end: at + 1 }
}
