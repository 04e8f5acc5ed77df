export { default, generateMetadata } from "#app/(member)/shares/page.tsx"
