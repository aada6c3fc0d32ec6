// OWASP ASVS 5.0.0 (https://github.com/OWASP/ASVS, CC BY-SA 4.0), the chapters of which a security kernel can own a part:
// which requirement is proven by which test, which is not and why. Paraphrased; the standard's own words count.
import { v2 } from './chapters/v2-business-logic.ts'
import { v3 } from './chapters/v3-web-frontend.ts'
import { v4 } from './chapters/v4-api.ts'
import { v6 } from './chapters/v6-authentication.ts'
import { v7 } from './chapters/v7-sessions.ts'
import { v9 } from './chapters/v9-tokens.ts'
import { v10 } from './chapters/v10-oauth.ts'
import { v11 } from './chapters/v11-cryptography.ts'
import { v13 } from './chapters/v13-configuration.ts'
import { v15 } from './chapters/v15-architecture.ts'
import { v16 } from './chapters/v16-logging.ts'
import type { Requirement } from './requirement.ts'

/** One chapter. */
export interface Chapter {
  readonly title: string
  readonly requirements: readonly Requirement[]
}

/** The chapters, in the standard's order. V1, V5, V8, V12, V14 and V17 are wholly an application's or its host's. */
export const chapters: readonly Chapter[] = [
  { title: 'V2 Validation and business logic', requirements: v2 },
  { title: 'V3 Web front end', requirements: v3 },
  { title: 'V4 API and web service', requirements: v4 },
  { title: 'V6 Authentication', requirements: v6 },
  { title: 'V7 Session management', requirements: v7 },
  { title: 'V9 Self-contained tokens', requirements: v9 },
  { title: 'V10 OAuth and OIDC', requirements: v10 },
  { title: 'V11 Cryptography', requirements: v11 },
  { title: 'V13 Configuration', requirements: v13 },
  { title: 'V15 Secure coding and architecture', requirements: v15 },
  { title: 'V16 Security logging and error handling', requirements: v16 },
]

/** Every row. */
export const requirements: readonly Requirement[] = chapters.flatMap((chapter) => chapter.requirements)
