// `callback_url` → `Callback url`, `maxPages` → `Max pages`
export function humanize(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase()
    .replace(/\b(url|uri|id|csv|html|json|api)\b/g, (word) => word.toUpperCase())
  return words === '' ? name : words.slice(0, 1).toUpperCase() + words.slice(1)
}
