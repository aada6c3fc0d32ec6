// Integer micro-units as money.

/** `{ amount_micros: 1250, currency: 'EUR' }` → `€0.00125` */
export function formatMoney(cost: { readonly amount_micros: number; readonly currency: string }): string {
  return new Intl.NumberFormat('en-GB', {
    style: 'currency',
    currency: cost.currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  }).format(cost.amount_micros / 1_000_000)
}
