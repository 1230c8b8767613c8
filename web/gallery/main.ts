// For developers only: every part in every state, at /gallery.html of `npm run dev`. Not part of the build.
import { mount } from 'svelte'
import Gallery from './Gallery.svelte'
import { isLanguage } from '../src/text/words.ts'
import { switchLanguage } from '../src/language.svelte.ts'
import '../src/style/fonts.css'
import '../src/style/tokens.css'
import '../src/style/base.css'

const asked = new URLSearchParams(location.search).get('language')
await switchLanguage(isLanguage(asked) ? asked : 'en')
mount(Gallery, { target: document.body })
