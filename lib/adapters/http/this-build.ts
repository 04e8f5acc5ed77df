/** The name of the build of this code: a hash of the sources, or "development" without a build. */
// biome-ignore lint/style/noProcessEnv: the build writes the name here (next.config.mjs)
export const THIS_BUILD: string = process.env.LAPSE_BUILD ?? "development"
