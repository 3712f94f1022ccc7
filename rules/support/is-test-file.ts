const TEST_PATH =
  /(?:^|[\\/])(?:__\w+__|(?:[\w.-]+[-_.])?(?:tests?|specs?|e2e|mocks)|test[-_]\w+)[\\/]|(?:^|[\\/._-])(?:tests?|spec|e2e|mock|stories|bench)\.[cm]?[jt]sx?$/i;

/**
 * Whether a file is a test or belongs to tests, by its name and by the folders between `cwd` and it. Tests end soon,
 * and with them what they hold.
 */
export function isTestFile(context: { readonly filename: string; readonly cwd?: string }): boolean {
  const { filename, cwd } = context;
  const isBelow = cwd !== undefined && filename.startsWith(cwd);
  return TEST_PATH.test(isBelow ? filename.slice(cwd.length) : filename.replace(/^.*[\\/]/, ''));
}
