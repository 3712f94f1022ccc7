/** Of the paths in a packed package, those that nobody who installs it needs. */
export function findUnwantedFiles(paths: readonly string[]): string[] {
  return paths.filter((path) => !/^(?:package\.json|README\.md|LICENSE|(?:commonjs\/)?dist\/(?!test\/)[\w/-]+(?:\.d\.ts|\.js)|commonjs\/package\.json|report-page\/[\w-]+\.(?:html|css|js))$/.test(path));
}
