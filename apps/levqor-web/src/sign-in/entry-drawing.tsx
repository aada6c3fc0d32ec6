// The waterfall of an imagined job, as decoration: what the product shows, before there is anything to show.

const bars = [
  { x: 0, width: 118, tone: 'text-good' },
  { x: 118, width: 64, tone: 'text-good' },
  { x: 182, width: 196, tone: 'text-wait' },
  { x: 378, width: 88, tone: 'text-good' },
  { x: 466, width: 52, tone: 'text-accent' },
  { x: 518, width: 122, tone: 'text-accent' },
] as const

export function EntryDrawing() {
  return (
    <div aria-hidden className="hidden place-items-center overflow-hidden border-l border-line lg:grid">
      <svg aria-hidden viewBox="0 0 640 340" className="w-[82%] text-line" fill="none">
        {[0, 128, 256, 384, 512, 640].map((x) => (
          <path key={x} d={`M${x} 0V340`} stroke="currentColor" strokeDasharray="2 6" />
        ))}
        {bars.map((bar, row) => (
          <g key={bar.x} className={bar.tone}>
            <rect
              x={bar.x}
              y={row * 58 + 12}
              width={bar.width}
              height="22"
              rx="11"
              fill="currentColor"
              opacity="0.18"
            />
            <rect
              x={bar.x + 1}
              y={row * 58 + 13}
              width={bar.width - 2}
              height="20"
              rx="10"
              stroke="currentColor"
              strokeWidth="1.5"
              strokeDasharray={bar.tone === 'text-wait' ? '3 5' : undefined}
            />
          </g>
        ))}
      </svg>
    </div>
  )
}
