import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import PlaygroundPage from './PlaygroundPage.vue';
import SiteLayout from './SiteLayout.vue';
import './style.css';

export default {
  extends: DefaultTheme,
  Layout: SiteLayout,
  enhanceApp({ app }) {
    app.component('Playground', PlaygroundPage);
  },
} satisfies Theme;
