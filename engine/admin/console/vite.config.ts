// Two pages, /console and /docs, that share their assets. The engine serves them from memory (engine/admin/console_page.cpp).
import { defineConfig } from 'vite';

// `npm run dev` shows the page with the data of a running engine, for example of ./start.
const engine = 'http://127.0.0.1:8000';
const passed = ['/api', '/health', '/ready', '/metrics', '/openapi.json'];

export default defineConfig({
  base: '/console/',
  build: {
    target: 'es2020',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ['index.html', 'docs.html'] },
  },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  server: { proxy: Object.fromEntries(passed.map((path) => [path, engine])) },
});
