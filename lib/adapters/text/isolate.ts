/** Characters of scripts that are written from right to left, and their marks. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
/** Matches characters beyond Latin. Most values have none, and this check is much faster. */
const BEYOND_LATIN = /[\u0590-\uffff]/
/** Matches a lower-case word. It needs no isolation, and a message may select a case by it. */
const PLAIN_WORD = /^[a-z_]+$/

/**
 * Isolates the values of a message, such as names, so that they keep their direction and do not
 * affect the text around them. https://www.w3.org/International/questions/qa-bidi-unicode-controls
 */
export function isolateValues<Value>(
  values: Record<string, Value> | undefined,
  isRightToLeft: boolean,
): Record<string, Value | string> | undefined {
  let isolated: Record<string, Value | string> | undefined
  for (const name in values) {
    const value = values[name]
    if (typeof value !== "string" || !mayDiffer(value, isRightToLeft)) continue
    isolated ??= { ...values }
    isolated[name] = `${startOf(value, isRightToLeft)}${value}\u2069`
  }
  return isolated ?? values
}

/**
 * Returns a mark that gives a nested message the direction of the page. Isolated values do not
 * count for its direction, so a message without other letters would run from left to right.
 */
const startOf = (value: string, isRightToLeft: boolean) =>
  isRightToLeft && value.includes("\u2068") ? "\u2067" : "\u2068"

const mayDiffer = (value: string, isRightToLeft: boolean) =>
  isRightToLeft ? !PLAIN_WORD.test(value) : BEYOND_LATIN.test(value) && RIGHT_TO_LEFT.test(value)
