// A QR code as one path. Dark on white in every theme: scanners want it so.
import encodeQR from 'qr'

interface QrCodeProps {
  readonly text: string
  /** What it is, for those who do not see it. */
  readonly label: string
}

/** Modules of light around it, as ISO/IEC 18004 asks. */
const quiet = 4

export function QrCode({ text, label }: QrCodeProps) {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: quiet })
  const size = rows.length
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-48 rounded-panel border border-line"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={pathOf(rows)} fill="#000" />
    </svg>
  )
}

/** Dark modules, a bar for each run of them. */
function pathOf(rows: readonly (readonly boolean[])[]): string {
  let path = ''
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (row[x] !== true || row[x - 1] === true) continue
      let end = x
      while (row[end] === true) end++
      path += `M${x} ${y}h${end - x}v1h${x - end}z`
    }
  }
  return path
}
