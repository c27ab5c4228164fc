import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { onSignedOut } from './api/http';
import { applyLanguage, i18n } from './i18n';
import type { Language } from './lib/format';
import { makeRouter } from './router';
import { useSession } from './session';
import './styles/tokens.css';
import './styles/base.css';

const app = createApp(App).use(createPinia()).use(i18n);
applyLanguage(i18n.global.locale.value as Language);
const session = useSession();
onSignedOut(() => session.forget());

// The key leaves the address bar before the router, or anything else, has seen it.
void session.begin().finally(() => {
  const router = makeRouter();
  // An open link pasted into a tab that is open already changes only the fragment: no new page comes, so it is read here.
  window.addEventListener('hashchange', () => {
    if (!window.location.hash.startsWith('#key=')) return;
    void session.begin().finally(() => router.replace({ name: 'wall' }));
  });
  app.use(router);
  // Drawn once the first page is known: before that the shell would show itself in the office's colours and jump to the wall's.
  void router.isReady().catch(() => undefined).finally(() => app.mount('#app'));
});
