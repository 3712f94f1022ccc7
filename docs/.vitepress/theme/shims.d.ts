declare module '*.vue' {
  import type { Component } from 'vue';

  const component: Component;
  export default component;
}

/** The address of the playground's worker; the site's configuration puts it in. */
declare const __PLAYGROUND_WORKER__: string;
