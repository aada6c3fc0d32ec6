// Runs in the browser before anything else: no generated code, and only our own scripts may ever be loaded.
import './src/api/zod-without-eval.ts'
import { installTrustedTypes } from './src/api/trusted-types.ts'

installTrustedTypes()
