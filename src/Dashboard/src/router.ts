import { createRouter, createWebHistory, type Router } from 'vue-router';

/**
 * Made only after the open link's key has left the address bar: a router remembers the address it was born with and writes it back.
 */
export const makeRouter = (): Router => createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'wall', component: () => import('./pages/WallPage.vue'), meta: { dark: true } },
    { path: '/counter', name: 'counter', component: () => import('./pages/CounterPage.vue') },
    { path: '/members', name: 'members', component: () => import('./pages/MembersPage.vue') },
    { path: '/members/:id', name: 'member', component: () => import('./pages/MemberPage.vue'), props: true },
    { path: '/stores', name: 'stores', component: () => import('./pages/StoresPage.vue') },
    { path: '/stores/:id', name: 'store', component: () => import('./pages/StorePage.vue'), props: true },
    { path: '/rules', name: 'rules', component: () => import('./pages/RulesPage.vue') },
    { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue') },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});
