import "./node-20.ts"
import { main } from "./main.ts"

void main()
