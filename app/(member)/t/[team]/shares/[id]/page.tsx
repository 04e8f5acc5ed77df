export { default, generateMetadata } from "#app/(member)/shares/[id]/page.tsx"
