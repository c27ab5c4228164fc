import { fileURLToPath, URL } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

// While developing, the pages come from Vite and the data from a running server (./run) on this address.
const server = process.env.CHAINCRM_SERVER ?? 'http://127.0.0.1:5080';
const proxy = {
  '/v1': { target: server },
  '/hub': { target: server, ws: true },
};

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  server: { host: '127.0.0.1', proxy },
  preview: { host: '127.0.0.1', proxy },
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 700 },
  test: { include: ['tests/**/*.test.ts'] },
});
