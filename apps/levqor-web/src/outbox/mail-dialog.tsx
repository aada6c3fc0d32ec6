'use client'
// Reads one mail. Its text part only: the HTML part's own styles would not pass the content policy of this page,
// and nothing that strangers can write into should be rendered here as markup.
import { Dialog } from '@base-ui/react/dialog'
import { getOutboxMail, type OutboxMail } from '@levqor/client'
import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { api } from '../api/client.ts'
import { queryKeys } from '../api/query-keys.ts'
import { findLinks } from '../text/find-links.ts'
import { formatFull } from '../text/format-time.ts'
import { buttonClass } from '../ui/button.tsx'
import { dialogBackdropClass, dialogPopupClass } from '../ui/dialog-look.ts'
import { Facts } from '../ui/facts.tsx'
import { QueryGate } from '../ui/query-gate.tsx'

interface MailDialogProps {
  readonly mail: OutboxMail | undefined
  readonly onClose: () => void
}

export function MailDialog({ mail, onClose }: MailDialogProps) {
  // Keeps the mail readable while the dialog fades out.
  const last = useRef(mail)
  if (mail) last.current = mail
  const shown = last.current
  return (
    <Dialog.Root open={mail !== undefined} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdropClass} />
        <Dialog.Popup className={`${dialogPopupClass} w-[42rem]`}>
          <Dialog.Title className="text-title font-semibold">{shown?.subject}</Dialog.Title>
          {shown ? <MailContent mail={shown} /> : null}
          <div className="mt-6 flex justify-end">
            <Dialog.Close className={buttonClass('plain')}>Close</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function MailContent({ mail }: { readonly mail: OutboxMail }) {
  const query = useQuery({
    queryKey: queryKeys.mail(mail.id),
    queryFn: ({ signal }) => api.call(getOutboxMail, { params: { id: mail.id }, signal }),
  })
  return (
    <>
      <div className="mt-3 mb-5">
        <Facts
          facts={[
            { term: 'To', value: mail.to },
            { term: 'Written', value: formatFull(Date.parse(mail.created_at)) },
            ...(mail.error === null
              ? []
              : [{ term: 'Last try', value: <span className="text-bad">{mail.error}</span> }]),
          ]}
        />
      </div>
      <QueryGate query={query}>
        {(data) =>
          data.text === null ? (
            <p className="text-soft">This mail has no text part, or its text has been removed.</p>
          ) : (
            <MailText text={data.text} />
          )
        }
      </QueryGate>
    </>
  )
}

function MailText({ text }: { readonly text: string }) {
  return (
    <div className="rounded-panel border border-line bg-well px-5 py-4 wrap-anywhere whitespace-pre-wrap">
      {findLinks(text).map((part) =>
        part.href ? (
          <a
            key={part.at}
            href={part.href}
            rel="noreferrer"
            className="text-accent underline underline-offset-2"
          >
            {part.text}
          </a>
        ) : (
          <span key={part.at}>{part.text}</span>
        ),
      )}
    </div>
  )
}
