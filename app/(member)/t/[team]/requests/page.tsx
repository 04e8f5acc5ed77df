export { default, generateMetadata } from "#app/(member)/requests/page.tsx"
