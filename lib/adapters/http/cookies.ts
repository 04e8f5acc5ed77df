/** A web request with its cookies, as Next's are. */
export type CookieRequest = Request & {
  cookies: { get(name: string): { value: string } | undefined }
}

/** The headers and cookies of a response, with the methods of NextResponse that are used. */
export type CookieReply = {
  headers: Headers
  cookies: { set(name: string, value: string, options: object): unknown }
}
