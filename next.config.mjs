import createNextIntlPlugin from "next-intl/plugin"

const withNextIntl = createNextIntlPlugin("./lib/web/messages.ts")

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  // Title and description belong in <head>: link previews and visitors without JavaScript read them there.
  htmlLimitedBots: /.*/,
  async headers() {
    return [{ source: "/s/:path*", headers: [{ key: "X-Robots-Tag", value: "noindex, nofollow" }] }]
  },
}

export default withNextIntl(config)
