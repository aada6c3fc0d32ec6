// `npm pack` here would pack TypeScript, which Node does not run under node_modules.
console.error(
  'Packed from here @levqor/guard would not run: its source is TypeScript. Run this in the root of the repository instead: npm run pack-guard',
)
process.exit(1)
