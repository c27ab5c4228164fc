import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { onSignedOut } from './api/http';
import { applyLanguage, i18n } from './i18n';
import type { Language } from './lib/format';
import { router } from './router';
import { useSession } from './session';
import './styles/tokens.css';
import './styles/base.css';

const app = createApp(App).use(createPinia()).use(i18n);
applyLanguage(i18n.global.locale.value as Language);
const session = useSession();
onSignedOut(() => session.forget());

// An open link pasted into a tab that is open already changes only the fragment: no new page comes, so it is read here.
window.addEventListener('hashchange', () => { if (window.location.hash.startsWith('#key=')) void session.begin(); });

// The key leaves the address bar before the router, or anything else, has seen it.
void session.begin().finally(() => {
  app.use(router);
  app.mount('#app');
});
