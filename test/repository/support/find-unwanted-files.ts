/** Of the paths in a packed package, those that nobody who installs it needs. */
export function findUnwantedFiles(paths: readonly string[]): string[] {
  return paths.filter((path) => !/^(?:package\.json|README\.md|LICENSE|dist\/(?!test\/)[\w/-]+(?:\.d\.ts|\.js)|report-page\/[\w-]+\.(?:html|css|js))$/.test(path));
}
