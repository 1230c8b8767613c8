// Which screen a path shows. A screen's code is loaded when it is first shown.

/** The pages of a consultation at the desk; the address of each but the first ends with its path. */
export const deskPages = {
  overview: '', change: 'change', people: 'people', agenda: 'agenda', documents: 'documents', minutes: 'minutes', agreements: 'agreements',
  readout: 'readout', passages: 'readout/passages', moment: 'readout/moment', recordings: 'recordings', record: 'record',
} as const
export type DeskPage = keyof typeof deskPages

export type Route =
  | { screen: 'start' | 'signin' | 'desk' | 'new-consultation' | 'lost' }
  | { screen: 'consultation'; consultation: string; page: DeskPage }
  | { screen: 'seat-minutes'; seat: string }
  | { screen: 'library' | 'glossary' }
  | { screen: 'document'; document: string }
  | { screen: 'agreements'; area: string | undefined } // undefined: all of them
  | { screen: 'agreement'; consultation: string; agreement: string }
  | { screen: 'new-agreement' | 'habits' }
  | { screen: 'meet'; seat: string | undefined } // undefined: the personal link's token is in the fragment

export function routeOf(path: string): Route {
  const parts = path.split('/').filter((part) => part !== '')
  const [place, name] = parts
  if (parts.length === 0) return { screen: 'start' }
  if (parts.length === 1 && place === 'signin') return { screen: 'signin' }
  if (parts.length === 1 && place === 'desk') return { screen: 'desk' }
  if (parts.length === 1 && place === 'join') return { screen: 'meet', seat: undefined }
  if (place === 'desk' && name === 'library' && parts.length === 2) return { screen: 'library' }
  if (place === 'desk' && name === 'library' && parts.length === 3 && parts[2] !== undefined) return { screen: 'document', document: decoded(parts[2]) }
  if (place === 'desk' && name === 'glossary' && parts.length === 2) return { screen: 'glossary' }
  if (place === 'desk' && name === 'agreements') return followed(parts.slice(2))
  if (place === 'meet' && name !== undefined && parts.length === 3 && parts[2] === 'minutes') return { screen: 'seat-minutes', seat: decoded(name) }
  if (place === 'desk' && name === 'new' && parts.length === 2) return { screen: 'new-consultation' }
  if (place === 'desk' && name !== undefined) return atDesk(decoded(name), parts.slice(2).join('/'))
  if (parts.length !== 2 || name === undefined) return { screen: 'lost' }
  if (place === 'meet') return { screen: 'meet', seat: decoded(name) }
  return { screen: 'lost' }
}

function atDesk(consultation: string, path: string): Route {
  const page = (Object.keys(deskPages) as DeskPage[]).find((one) => deskPages[one] === path)
  return page ? { screen: 'consultation', consultation, page } : { screen: 'lost' }
}

/** The address of a consultation's page at the desk. */
export function deskPath(consultation: string, page: DeskPage = 'overview'): string {
  return `/desk/${encodeURIComponent(consultation)}${page === 'overview' ? '' : `/${deskPages[page]}`}`
}

function followed([first, second, ...more]: string[]): Route {
  if (more.length > 0) return { screen: 'lost' }
  if (first === undefined) return { screen: 'agreements', area: undefined }
  if (second === undefined) return first === 'new' ? { screen: 'new-agreement' } : first === 'settings' ? { screen: 'habits' } : { screen: 'lost' }
  return first === 'area' ? { screen: 'agreements', area: decoded(second) } : { screen: 'agreement', consultation: decoded(first), agreement: decoded(second) }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Shows another screen. With `replace` the present one is not kept for the back button. */
export function go(path: string, how: { replace?: boolean } = {}): void {
  if (how.replace) history.replaceState(null, '', path)
  else history.pushState(null, '', path)
  dispatchEvent(new PopStateEvent('popstate'))
}

/** Takes the token out of the fragment, so that it stays neither in the address bar nor in the history. */
export function takeToken(): string | undefined {
  const token = location.hash.slice(1)
  if (token === '') return undefined
  history.replaceState(null, '', location.pathname)
  return token
}

/** Follows links within the client without loading the page again; ends with the signal. */
export function followLinks(signal: AbortSignal): void {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return
    if (link.hash !== '' || link.pathname.startsWith('/api/') || link.pathname.startsWith('/readout')) return
    event.preventDefault()
    go(link.pathname + link.search)
  }, { signal })
}
