import { mount } from 'svelte'
import App from './App.svelte'
import { preferredLanguage, switchLanguage } from './language.svelte.ts'
import './style/fonts.css'
import './style/tokens.css'
import './style/base.css'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no #app')

await switchLanguage(preferredLanguage(), { keep: false })
mount(App, { target })
