import { defineLoader } from 'vitepress';
import { getExamples } from '../../../playground/get-examples.js';
import type { Example } from '../../../playground/page/playground.js';

export declare const data: Example[];

export default defineLoader({ watch: ['../../rules/*.md'], load: () => getExamples() });
