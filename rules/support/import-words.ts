/** One of them stands in every file that imports another by its place: a function of that file may hand over what has to be given back. */
export const IMPORT_WORDS: readonly string[] = ["from '.", 'from ".', "require('.", 'require(".', "import('.", 'import(".'];
