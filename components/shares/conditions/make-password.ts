/** No characters that look alike, so that it can be read out. There are 32, which divides 256. */
const CHARACTERS = "abcdefghijkmnpqrstuvwxyz23456789"
const GROUPS = 4
const GROUP_LENGTH = 4

/** Makes a password of 80 random bits, such as "k7fm-x2pq-9hrt-w4ny". */
export function makePassword(): string {
  const random = crypto.getRandomValues(new Uint8Array(GROUPS * GROUP_LENGTH))
  const text = Array.from(random, (byte) => CHARACTERS[byte % CHARACTERS.length]).join("")
  return text.match(/.{4}/g)?.join("-") ?? text
}
