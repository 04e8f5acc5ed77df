import { visitorRoute } from "#lib/web/visitor/visitor-route.ts"

export { visitorRoute as GET, visitorRoute as HEAD, visitorRoute as POST }
