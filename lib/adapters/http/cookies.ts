/** A web request with its cookies, as Next's are. */
export type CookieRequest = Request & {
  cookies: { get(name: string): { value: string } | undefined }
}

/** What sets headers and cookies of an answer, as Next's answers do. */
export type CookieReply = {
  headers: Headers
  cookies: { set(name: string, value: string, options: object): unknown }
}
