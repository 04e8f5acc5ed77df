/** Scripts that are written from right to left, and what belongs to them. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
/** Nearly all values are below these characters, and this is much faster to find out. */
const BEYOND_LATIN = /[\u0590-\uffff]/
/** Such a word is in order by itself; it may also be what a message selects by. */
const PLAIN_WORD = /^[a-z_]+$/

/**
 * Values of a message whose own direction may differ from that of the page, such as names, keep
 * their order and do not change that of the text around them.
 * https://www.w3.org/International/questions/qa-bidi-unicode-controls
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
 * A message inside another runs as the page does: what is isolated in it says nothing about its
 * direction, and without any other letter it would run from the left.
 */
const startOf = (value: string, isRightToLeft: boolean) =>
  isRightToLeft && value.includes("\u2068") ? "\u2067" : "\u2068"

const mayDiffer = (value: string, isRightToLeft: boolean) =>
  isRightToLeft ? !PLAIN_WORD.test(value) : BEYOND_LATIN.test(value) && RIGHT_TO_LEFT.test(value)
