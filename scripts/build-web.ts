// Builds the web app when its sources have changed, as `npm start` does.
import { buildWebIfNeeded } from '../apps/levqor/src/start/build-web.ts'

await buildWebIfNeeded((text) => console.error(text))
