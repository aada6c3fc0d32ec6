// Shipped workflow: what is on a web page.
import type { Definition } from '../definition/definition.ts'

export const pageDigest: Definition = {
  name: 'page-digest',
  title: 'Page digest',
  description: 'Fetches a page and gives its title, headings, links and word counts; mails them if asked.',
  input: {
    type: 'object',
    required: ['url'],
    additionalProperties: false,
    properties: {
      url: {
        type: 'string',
        format: 'uri',
        title: 'Page',
        description: 'http or https address of the page.',
      },
      notify: {
        type: 'string',
        format: 'email',
        title: 'Send to',
        description: 'Who gets the digest by mail.',
      },
    },
  },
  steps: [
    { id: 'page', use: 'http.request', with: { url: '{{ payload.url }}' } },
    {
      id: 'parts',
      use: 'html.extract',
      with: {
        html: '{{ steps.page.body }}',
        baseUrl: '{{ payload.url }}',
        select: { title: 'title', headings: ['h1, h2, h3'], links: ['a@href'], words: { words: 'body' } },
      },
    },
    {
      id: 'report',
      use: 'email.send',
      when: 'payload.notify',
      with: {
        to: '{{ payload.notify }}',
        subject: 'Digest: {{ steps.parts.title | default: payload.url | strip | truncate: 150 }}',
        text: '{{ steps.parts.title }}\n{{ payload.url }}\n\n{{ steps.parts.words.total }} words, {{ steps.parts.links.size }} links.\n\n{% for heading in steps.parts.headings limit: 100 %}{{ heading | truncate: 200 }}\n{% endfor %}',
      },
    },
  ],
  output: {
    url: '{{ payload.url }}',
    title: '{{ steps.parts.title }}',
    headings: '{{ steps.parts.headings }}',
    links: '{{ steps.parts.links }}',
    words: '{{ steps.parts.words }}',
  },
}
