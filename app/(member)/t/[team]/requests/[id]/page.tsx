export { default, generateMetadata } from "#app/(member)/requests/[id]/page.tsx"
